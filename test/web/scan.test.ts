import { expect, test } from 'vitest'
import { pieces, scan, soften } from '../../src/web/report/scan.ts'
import { processorMs } from '../support/processor-time.ts'

const found = (text: string) => scan(text).map(({ kind, text }) => `${kind}: ${text}`)
const softened = (text: string) => {
  const finding = scan(text).find(({ replacement }) => replacement !== null)
  return finding ? soften(text, finding) : text
}

test.each([
  ['김 과장이 옮겼습니다', 'name: 김 과장'],
  ['박영수 대리가 말했습니다', 'name: 박영수 대리'],
  ['남궁민 팀장님께', 'name: 남궁민 팀장님'],
  ['이수진 씨가 보았습니다', 'name: 이수진 씨'],
  ['I told Mr. Kim about it', 'name: Mr. Kim'],
  ['then manager Lee came', 'name: manager Lee'],
  ['Dr Park Jisung knows', 'name: Dr Park Jisung'],
  ['연락처 010-1234-5678 입니다', 'phone: 010-1234-5678'],
  ['사무실 031.234.5678', 'phone: 031.234.5678'],
  ['call +82 10 1234 5678', 'phone: +82 10 1234 5678'],
  ['01012345678로', 'phone: 01012345678'],
  ['mail a.b+c@firm.co.kr now', 'email: a.b+c@firm.co.kr'],
  ['900101-1234567', 'resident-number: 900101-1234567'],
  ['사번은 204815', 'employee-number: 사번은 204815'],
  ['사번 A-20481', 'employee-number: 사번 A-20481'],
  ['Employee ID: 88213', 'employee-number: Employee ID: 88213'],
  ['저만 알고 있습니다', 'only-us: 저만'],
  ['우리 셋이서', 'only-us: 우리 셋'],
  ['세 명만 압니다', 'only-us: 세 명만'],
  ['there are only three of us', 'only-us: there are only three'],
  ['only I have the key', 'only-us: only I'],
  ['오후 3시 27분에', 'exact-time: 오후 3시 27분'],
  ['at 15:27 sharp', 'exact-time: at 15:27'],
  ['3:27 pm', 'exact-time: 3:27 pm'],
  ['2026년 3월 14일', 'exact-date: 2026년 3월 14일'],
  ['2026-03-14', 'exact-date: 2026-03-14'],
  ['on 14 March', 'exact-date: on 14 March'],
  ['March 3rd', 'exact-date: March 3rd'],
  ['차는 12가 3456', 'plate: 12가 3456'],
  ['https://intra.firm.kr/doc/1', 'address: https://intra.firm.kr/doc/1'],
  ['C:\\work\\drawing.dwg', 'path: C:\\work\\drawing.dwg'],
  ['전극조건_v3.xlsx 파일', 'path: 전극조건_v3.xlsx'],
])('%s', (text, expected) => {
  expect(found(text)).toEqual([expected])
})

test.each([
  '담당 과장이 옮겼습니다',
  '어떤 직원이 그 자료를 가져갔습니다',
  '그 책임자는 이사할 예정입니다',
  '연구 책임자가 바뀌었습니다',
  '한 직원이 오후에 회의를 했습니다',
  '3월 중순 오후에',
  '세 번 보았습니다',
  '온도는 120-1500도, 압력 3.5, 비율 1:2',
  'The manager left in mid-March, in the afternoon.',
  'Only the agencies may read this.',
  'We saw it three times.',
  '부품 번호 1234-5678',
])('leaves alone: %s', text => {
  expect(found(text)).toEqual([])
})

test.each([
  ['김 과장이 옮겼습니다', '어떤 직원이 옮겼습니다'],
  ['박영수 대리가 말했습니다', '어떤 관계자가 말했습니다'],
  ['3월 4일에', '3월 초순에'],
  ['3월 14일에', '3월 중순에'],
  ['3월 28일에', '3월 하순에'],
  ['오후 3시 27분에', '오후에'],
  ['15:27에 나갔습니다', '오후에 나갔습니다'],
  ['He left on 14 March.', 'He left in mid-March.'],
  ['He left at 7:40 am.', 'He left in the morning.'],
  ['He left at 23:10.', 'He left in the evening.'],
  ['manager Lee left', 'a colleague left'],
])('softens: %s', (text, expected) => {
  expect(softened(text)).toBe(expected)
})

test('findings come in the order of the text, do not overlap, and cut it without loss', () => {
  const text =
    '김민수 과장이 3월 14일 오후 3시 27분에 저희 셋에게 010-1234-5678 로 전화했습니다. 👩‍🔬\nmanager Lee at 15:27.'
  const findings = scan(text)
  expect(findings.map(({ kind }) => kind)).toEqual([
    ...['name', 'exact-date', 'exact-time', 'only-us', 'phone', 'name', 'exact-time'],
  ])
  expect(findings.every(({ start, end }) => text.slice(start, end).length === end - start)).toBe(true)
  const cut = pieces(text, findings)
  expect(cut.map(piece => piece.text).join('')).toBe(text)
  expect(cut.filter(({ finding }) => finding)).toHaveLength(findings.length)
})

test('a finding from an older text changes nothing', () => {
  const [finding] = scan('김 과장이 옮겼습니다')
  expect(finding && soften('다른 글입니다', finding)).toBe('다른 글입니다')
})

test('the longest text is scanned in a moment, whatever is in it', () => {
  for (const piece of ['가', '김', '1', '-', 'a.', '김 과장 ', '010-', 'x@', '/a', '12:3', 'only ']) {
    const text = piece.repeat(Math.floor(400_000 / piece.length))
    // A pattern that goes back over what it has read would take minutes.
    expect(
      processorMs(() => expect(scan(text).length).toBeLessThanOrEqual(200)),
      piece,
    ).toBeLessThan(2_000)
  }
})
