// What a reporter's answers look like inside the envelope. The server never sees any of this.
import { z } from 'zod'

const text = (maximum: number) => z.string().max(maximum)

/** Only `what` is mandatory; what is left out was not answered. */
export const reportContent = z.object({
  version: z.literal(1),
  language: z.enum(['ko', 'en']),
  what: text(400_000).min(1).describe('What happened, or is about to'),
  when: text(4000).optional(),
  urgency: z.enum(['U0', 'U1', 'U2', 'U3', 'U4']).optional(),
  kind: text(8).optional().describe('Code of taxonomy.ts'),
  field: text(8).optional().describe('Code of taxonomy.ts'),
  who: text(8000).optional().describe('Who may have it and where it is going'),
  source: text(4000).optional().describe('How the reporter knows'),
  evidence: text(8000).optional(),
  told: text(4000).optional().describe('Who was told before'),
  excluded: text(4000).optional().describe('Who must not see this'),
  notFor: z
    .array(z.string().max(32))
    .max(32)
    .optional()
    .describe('Ids of agencies that must never get this: whoever holds the case hands it to none of them'),
  fear: text(4000).optional(),
  contact: text(4000).optional(),
})

export type ReportContent = z.infer<typeof reportContent>

export const followUpContent = z.object({
  version: z.literal(1),
  text: text(400_000).min(1),
  objectsTo: text(64)
    .optional()
    .describe('What it objects to: the head of an agency’s chain behind that event, base64url'),
})

export type FollowUpContent = z.infer<typeof followUpContent>
