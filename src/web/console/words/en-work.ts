// Handling a case, in English: where it stands, what may be done, whom it is handed to, what is due.
import type { EscalationStep } from '../../../protocol/clocks.ts'
import type { ActionGroup } from '../action-groups.ts'

const groups: Readonly<Record<ActionGroup, string>> = {
  decide: 'The case',
  reporter: 'With the reporter',
  agencies: 'With other agencies',
  time: 'More time',
  fairness: 'Impartiality',
}

const escalation: Readonly<Record<EscalationStep, string>> = {
  handler: 'the case team',
  supervisor: 'its head',
  auditor: 'the auditor’s count',
  'yearly-figure': 'the yearly figure',
}

export const englishWork = {
  label: 'Handling',
  standing: {
    label: 'Where the case stands',
    state: 'State',
    phase: 'Phase',
    own: 'Your agency',
    nothing: 'has no part in it now',
    lead: 'Lead',
    partners: 'Other agencies',
    asked: 'asked by your agency',
    pending: 'Waits for a second person',
    pendingBy: 'proposed by',
    decision: 'Decision',
    request: 'A request to the reporter is open.',
    conflict:
      'This device declared a conflict of interest: it does nothing more here until a supervisor finds that there is none.',
    recused: 'This device was taken off the case: it does nothing more here.',
    offeredTitle: 'Offered to your agency',
    offeredText: (agency: string) =>
      `${agency} asks your agency. You can read all of it, and answer below. The reporter sees who was asked, and what is answered.`,
    why: 'Why',
    noWhy: 'Why it asks cannot be read here.',
    acceptedTitle: 'Accepted, not taken over yet',
    acceptedText: (agency: string) => `Until your agency takes it over, ${agency} holds the case.`,
  },
  objections: {
    title: 'Objection',
    to: (what: string, day: string, entry: number) => `To: ${what}, ${day} (entry ${entry} of the history)`,
    toOffer: (day: string) => `To what your agency was asked on ${day}.`,
    elsewhere:
      'To something that another agency did, not yours. The reporter’s words reach all that have the case.',
    inHandling: 'What you can do about it is under «Handling».',
    open: (followUp: number) => `The reporter objects (follow-up ${followUp})`,
  },
  clocks: {
    heading: 'What is due',
    none: 'No clock runs.',
    law: 'law',
    target: 'target',
    reporter: 'for the reporter',
    due: (day: string) => `due ${day}`,
    notBefore: (day: string) => `due on a day after ${day}: the holidays published so far do not reach it`,
    left: (days: number) => (days === 0 ? 'today' : days === 1 ? '1 day left' : `${days} days left`),
    late: (days: number) => (days === 1 ? '1 day over' : `${days} days over`),
    condition: {
      running: 'Runs',
      paused: 'Paused: an answer is awaited',
      met: 'In time',
      missed: 'Missed',
      unknown: 'Not known',
    },
    stopped: (day: string) => `done ${day}`,
    extended: (times: number) => (times === 1 ? 'made longer once' : `made longer ${times} times`),
    escalated: 'brought before',
    escalation,
    over: (count: string) => `Done with (${count})`,
  },
  actions: {
    heading: 'What can be done',
    nothing: 'Nothing is open to this device now. Below stands why.',
    groups,
    rare: 'Rarely needed',
    later: 'Not now, or not by this device',
    notOpen: 'Not open:',
    done: (what: string) => `Recorded and signed: ${what}`,
    notDone: (what: string) => `Not recorded: ${what}`,
    refused:
      'The service refused it: the case has moved, or the agency cannot be reached. What you see now is how it stands. Nothing was recorded.',
    overtaken: 'Colleagues were first. Look at what they did before you try again.',
    incomplete:
      'Nothing was sent: the agency cannot be written to today, or a message does not open on this device.',
  },
  form: {
    heading: (what: string) => `Before you sign: ${what}`,
    readers: {
      told: {
        title: 'The reporter is told',
        text: 'The step and its day, the number and role of this device, the reason and the text below. Never your name.',
      },
      inside: {
        title: 'It stays inside',
        text: 'Reason and text are sealed for devices of your agency that have opened the case. That the step was taken, its day, and this device’s number and role show in the case’s history, which the reporter and the service see.',
      },
      between: {
        title: 'For the agency that asked',
        text: 'Reason and text are sealed for devices of the agency that asked and of your own that have opened the case. The reporter sees that your agency said no, and when, not why.',
      },
    },
    proposes: 'It takes two',
    proposesText:
      'This only proposes. The decision holds once a second person, with another device, confirms it. Until then reason and text stay inside the agency; the confirmation tells them to the reporter as they stand below.',
    confirms: 'With your signature the decision below holds, and the reporter is told. You confirm:',
    code: 'Reason',
    choose: 'Choose …',
    chooseFirst: 'Choose one first.',
    agency: 'Agency',
    device: 'Device',
    message: 'Follow-up that it rests on',
    messageOption: (index: number, day: string) => `Follow-up ${index}, ${day}`,
    none: 'There is none that could be named.',
    loading: 'Fetching the agency’s devices …',
    textFor: {
      told: 'Text for the reporter (may stay empty)',
      inside: 'Text for colleagues (may stay empty)',
      between: 'Text for the agency that asked (may stay empty)',
    },
    tooLong: 'The text is too long for a step. Send the long one as a reply.',
    sign: (what: string) => `Sign: ${what}`,
    final: 'It is signed and cannot be taken out of the history again.',
    cancel: 'Back, sign nothing',
  },
  handOver: {
    chooseAgency: 'To which agency',
    excluded:
      'Agencies that the reporter excluded are not offered here, and learn nothing: not even that there is a report. Do not tell them by another way.',
    unknown:
      'This version cannot read whom the reporter excluded: to hand the case on here could reach somebody who must never see it. Load the page anew, or ask whoever runs the service for a newer version.',
    powers: 'Its powers',
    territory: 'Its territory',
    powersKnown: {
      'criminal-investigation': 'investigates crimes',
      'administrative-investigation': 'inspects firms',
      'fact-finding': 'gathers facts, passes on to investigators',
      support: 'helps small firms',
    } as Readonly<Record<string, string>>,
    sees: (agency: string) => `${agency} will be able to read, from the moment you sign:`,
    seesReport: 'the whole report, with every answer in it',
    seesFollowUps: (count: number) =>
      count === 0
        ? 'no follow-up: there is none yet'
        : count === 1
          ? 'the follow-up'
          : `all ${count} follow-ups`,
    seesFiles: (count: number) =>
      count === 0
        ? 'no file: there is none'
        : count === 1
          ? '1 file, with its name:'
          : `${count} files, with their names:`,
    kept: 'stayed with the reporter: only its name and fingerprint',
    notSees: 'It will not be able to read:',
    notReplies: 'your agency’s replies: they are sealed for the reporter alone',
    notNotes: 'internal notes and reasons of your agency',
    notHistory: 'your agency’s history: its own begins with the offer',
    loses: 'What becomes of your part',
    losesHandOver: (agency: string) =>
      `Until ${agency} takes it over, the case stays yours, and you can withdraw the offer. Once it takes over, your agency loses everything at once: report, follow-ups, files, notes. Whatever was read before cannot be unread, by either side.`,
    losesInvite: (agency: string) =>
      `Your agency keeps the case and leads. ${agency} reads what comes from then on, too, until it leaves or you end its part; what it read stays known to it.`,
    told: 'That agency and the reporter see why you ask. The reporter also sees whether it says yes or no, not its reasons, and can write to you about it.',
    missing:
      'A case is handed on as a whole, and this device lacks keys of it. A colleague whose device opens these messages hands the keys on first («Hand the keys on»):',
    missingOne: (index: number) => `Follow-up ${index}.`,
    heldBy: 'Devices that were handed its key:',
    heldByNobody: 'No device was handed its key yet: an intake device may open it.',
    pickFirst: 'Choose an agency to see what it will be able to read.',
  },
  notes: {
    heading: 'Internal note',
    who: 'Who can read it: devices of your agency that have opened the case. It is sealed against whoever runs the service, and given neither to the reporter nor to other agencies, also not after a hand-over. That a note was made, its day and this device’s number show in the history that the reporter sees.',
    text: 'Note',
    go: 'Sign the note',
    kept: 'The note stands in the history.',
    notOpen: 'Notes are not open to this device now:',
    empty: 'Write something first.',
  },
  left: {
    heading: 'This case is another agency’s now',
    text: 'It was taken over, or it was only offered to your agency and is no more. Its keys are gone from here: your agency reads nothing of it any longer, and new messages do not come here. The reporter sees who holds it.',
  },
}
