import { deleteReport, getReport, postFollowUp, putReport } from '../../contract/report.ts'
import type { Database } from '../database.ts'
import type { Serve } from '../http/serve.ts'
import type { Intake } from './service.ts'
import { readStatus } from './status.ts'

export const intakeRoutes =
  (intake: Intake, database: Database) =>
  (serve: Serve): void => {
    serve(putReport, async ({ signer, work, body }) => ({
      receipt: await intake.receive(signer, work, body),
    }))
    serve(getReport, ({ signer }) => readStatus(database, signer))
    serve(postFollowUp, ({ signer, work, body }) => intake.followUp(signer, work, body))
    serve(deleteReport, async ({ signer }) => ({ outcome: await intake.withdraw(signer) }))
  }
