import { postReply, readMailbox } from '../../contract/mailbox.ts'
import { fromBase64url } from '../../protocol/encoding.ts'
import type { Serve } from '../http/serve.ts'
import type { Mailboxes } from './service.ts'

export const readingRoutes =
  (mailboxes: Mailboxes) =>
  (serve: Serve): void => {
    serve(readMailbox, ({ signer, body, takeAnswer }) => mailboxes.read(signer, body, takeAnswer))
  }

export const replyRoutes =
  (mailboxes: Mailboxes) =>
  (serve: Serve): void => {
    serve(postReply, ({ signer, device, params, body }) =>
      mailboxes.post(signer, device, fromBase64url(params.mailbox), fromBase64url(body.sealed)),
    )
  }
