import type { Command } from 'commander'
import { addDocumentCommands } from './authority-documents.ts'
import { addKeyCommands } from './authority-keys.ts'
import { addPublishCommands } from './authority-publish.ts'
import { addRotateCommand } from './authority-rotate.ts'

const CEREMONY = `
A key ceremony, from nothing to a service that takes reports:

  1. Keys. Each on the machine of whoever keeps it; --sealed asks for a passphrase.
       bongsu authority new-key root.key.json --kind root --name root-2026
       bongsu authority new-key directory.key.json --kind directory --name directory-2026
       bongsu authority new-key agency.key.json --kind identity --name my-agency
       bongsu authority new-server-key server.key          (on the server: BONGSU_SERVER_KEY_FILE)
     Each prints its public part; \`bongsu authority public FILE\` prints it again.
  2. The first root. It fixes the deployment id for good: note it, publish it, pin it.
       bongsu authority plan root > root.json              (fill it in)
       bongsu authority root --plan root.json --signer root.key.json --out root-1.note
       BONGSU_DEPLOYMENT=<id> bongsu serve
  3. The directory, every seven days at the latest.
       bongsu authority plan directory > directory.json    (fill it in)
       bongsu authority directory --plan directory.json --deployment <id> --signer directory.key.json --out d1.note
       bongsu authority publish --roots root-1.note --directory d1.note
  4. An agency’s intake device: its secrets stay where they are made.
       bongsu authority new-device intake.key.json --agency <agency> --deployment <id> > request.json
       bongsu authority certificate --request request.json --identity agency.key.json --deployment <id> \\
         --role intake --scopes intake,cases --from <day> --until <day> --out intake.note
       bongsu authority install intake.key.json --certificate intake.note
       bongsu authority device-list --agency <agency> --number 1 --certificate intake.note \\
         --identity agency.key.json --deployment <id> --out devices-1.note
       bongsu authority publish --agency <agency> --devices devices-1.note
  5. Its epoch keys, a few weeks ahead at a time.
       bongsu authority new-epochs intake.key.json --from <day> --count 4 > epochs.json
       bongsu authority statement --agency <agency> --number 1 --epochs epochs.json \\
         --identity agency.key.json --deployment <id> --out statement-1.note
       bongsu authority publish --agency <agency> --statement statement-1.note
     Or all three at once, weekly, where both keys are at hand:
       bongsu authority rotate-epochs --identity agency.key.json --key intake.key.json
     Seeds are destroyed when their time is over: bongsu epochs --key intake.key.json
  6. Look at it as a reporter would.
       bongsu verify --deployment <id>

Several people hold a root or directory key: the first signs with --signer, each other adds a signature with
\`bongsu authority cosign\`. A device is revoked by the next device list: --previous devices-1.note --revoke <device>.`

export function addAuthority(program: Command): void {
  const authority = program
    .command('authority')
    .summary('keys and signed documents: root, directory, agencies, devices')
    .description('Makes keys, and builds, signs, publishes and verifies the documents that everybody trusts.')
    .addHelpText('after', CEREMONY)
  addKeyCommands(authority)
  addDocumentCommands(authority)
  addPublishCommands(authority)
  addRotateCommand(authority)
}
