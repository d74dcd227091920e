// Replies to begin with. They ask for facts about what happened, never for who saw it.
import type { Names } from '../../protocol/directory.ts'

export type TemplateId =
  | 'receipt'
  | 'more-facts'
  | 'evidence'
  | 'two-weeks'
  | 'more-time'
  | 'danger'
  | 'closing'

export interface ReplyTemplate {
  readonly id: TemplateId
  readonly title: Names
  readonly text: Names
}

export const REPLY_TEMPLATES: readonly ReplyTemplate[] = [
  {
    id: 'receipt',
    title: { ko: '접수를 알림', en: 'It has arrived' },
    text: {
      ko: `신고를 잘 받았고, 내용을 읽었습니다. 알려 주셔서 고맙습니다.

이 창구로만 답을 드립니다. 누구이신지 밝히지 않으셔도 됩니다. 더 떠오르는 것이 있으면 접수 코드로 언제든 이어서 적어 주세요.`,
      en: `We have received your report and read it. Thank you for telling us.

We answer here and nowhere else. There is no need to say who you are. If more comes to mind, you can add it at any time with your receipt code.`,
    },
  },
  {
    id: 'more-facts',
    title: { ko: '사실을 더 물음', en: 'Asking for facts' },
    text: {
      ko: `살펴보는 데 아래 내용이 도움이 됩니다. 아는 것만, 대략으로 적어 주세요. 모르면 비워 두셔도 됩니다.

1. 어떤 자료나 기술이 나갔거나 나가려 하는지 (어떤 종류인지만)
2. 어디로 가는지 아는 것이 있는지
3. 앞으로 정해진 일이 있는지 (출국, 계약, 선적, 삭제 등)
4. 직접 본 것과 전해 들은 것은 각각 무엇인지

신고하신 분을 짐작하게 하는 내용은 적지 마세요. 정확한 시각보다 대략의 때가 안전합니다.`,
      en: `The following would help us. Write only what you know, roughly. Leave out what you do not know.

1. What kind of material or technology has left, or is about to (its name or kind is enough)
2. Where it is going, as far as you know
3. Whether something is planned: a departure, a contract, a shipment, a deletion
4. What you saw yourself, and what you were told

Please do not write anything that points to you. A rough time is safer than an exact one.`,
    },
  },
  {
    id: 'evidence',
    title: { ko: '증거에 관하여', en: 'About evidence' },
    text: {
      ko: `새로 자료를 구하려고 하지 마세요. 위험할 수 있고, 법에 어긋날 수도 있습니다.

이미 정당하게 볼 수 있는 것이 어디에 있는지, 어떤 종류인지만 적어 주시면 저희가 적법한 절차로 확보하겠습니다.`,
      en: `Please do not try to get hold of anything new. It can be dangerous, and it can be against the law.

If you can already see something lawfully, it is enough to write what kind of thing it is and where. We will secure it by lawful means.`,
    },
  },
  {
    id: 'two-weeks',
    title: { ko: '2주 안에 다시 확인', en: 'Look again within two weeks' },
    text: {
      ko: `오늘부터 2주 안에 이곳에 다음 답을 올리겠습니다. 2주 안에 접수 코드로 한 번 더 확인해 주세요.

그동안 급한 일이 생기면 기다리지 말고 이어서 적어 주세요.`,
      en: `Within two weeks from today we will leave our next answer here. Please look again with your receipt code within two weeks.

If something urgent happens before, do not wait: add it to your report.`,
    },
  },
  {
    id: 'more-time',
    title: { ko: '시간이 더 걸림', en: 'It takes longer' },
    text: {
      ko: `확인에 시간이 더 걸리고 있습니다. 잊은 것이 아닙니다. 2주 안에 진행된 것을 다시 알려 드리겠습니다.

법에 따라 말씀드릴 수 없는 부분이 있을 수 있습니다.`,
      en: `This takes more time than we thought. You are not forgotten: within two weeks we will tell you how far it has come.

There may be parts that the law does not allow us to tell.`,
    },
  },
  {
    id: 'danger',
    title: { ko: '위험하다고 느낄 때', en: 'If there is danger' },
    text: {
      ko: `지금 위험하다고 느끼시면 이 창구에서 기다리지 말고 112에 바로 전화하세요. 이 신고에 대해 말하지 않으셔도 됩니다.

신고한 것이 알려졌거나 불이익이 시작되었다면, 무슨 일이 있었는지만 이곳에 적어 주세요.`,
      en: `If you feel in danger now, do not wait for an answer here: dial 112. You do not need to mention this report.

If it has become known that there was a report, or reprisals have begun, write here what happened, and no more.`,
    },
  },
  {
    id: 'closing',
    title: { ko: '마무리', en: 'Closing' },
    text: {
      ko: `알려 주신 내용에 대한 확인을 마쳤습니다. 결과를 모두 말씀드리지 못할 수 있습니다.

새로운 사실을 알게 되면 같은 접수 코드로 다시 적어 주세요. 읽고 난 회신은 지우시는 것이 안전합니다. 고맙습니다.`,
      en: `We have finished looking into what you told us. We may not be able to tell you everything that came of it.

If you learn something new, add it with the same receipt code. It is safer to delete replies once they are read. Thank you.`,
    },
  },
]
