// Kinds of leak and fields of technology, with plain words in both languages. The codes are for good.
import type { Names } from './directory.ts'

export const LEAK_KINDS: Readonly<Record<string, Names>> = {
  K01: { ko: '퇴직·이직에 따른 반출', en: 'taken on leaving or moving job' },
  K02: { ko: '재직자의 무단 반출·제공', en: 'current insider taking or giving' },
  K03: { ko: '인력 스카우트·매수·자문 유인', en: 'poaching, bribery or paid “advice”' },
  K04: { ko: '위장 취업·위장 법인·연구소', en: 'cover employment, shell firm or lab' },
  K05: { ko: '협력사·수급·발주 관계를 통한 유출', en: 'via supplier, subcontract or customer' },
  K06: { ko: '공동연구·기술제휴·합작 과정의 유출', en: 'joint research, alliance or joint venture' },
  K07: { ko: '해외 인수합병·투자·지분 취득', en: 'foreign merger, acquisition or investment' },
  K08: { ko: '사이버 침입·악성코드·계정 탈취', en: 'cyber intrusion' },
  K09: { ko: '도난·촬영·물리적 침입', en: 'theft, photographing or physical entry' },
  K10: { ko: '무허가·허위 수출 또는 기술이전', en: 'unlicensed or false export or transfer' },
  K11: { ko: '반환·삭제 거부, 사본 보유', en: 'refusing return or deletion, keeping copies' },
  K12: { ko: '브로커·알선', en: 'brokering' },
  K13: {
    ko: '소송·인허가·실사 자료의 목적 외 사용',
    en: 'misuse of data from a suit, permit, audit or due diligence',
  },
  K14: { ko: '부주의·설정 오류에 의한 노출', en: 'accidental exposure' },
  K15: { ko: '신고 이후 불이익·보복', en: 'retaliation after a report' },
  K90: { ko: '기타', en: 'other' },
  K99: { ko: '잘 모르겠음', en: 'not sure' },
}

export const TECHNOLOGY_FIELDS: Readonly<Record<string, Names>> = {
  F01: { ko: '반도체', en: 'semiconductor' },
  F02: { ko: '디스플레이', en: 'display' },
  F03: { ko: '이차전지', en: 'secondary battery' },
  F04: { ko: '전기전자', en: 'electric and electronic' },
  F05: { ko: '자동차·철도·미래모빌리티', en: 'automotive, rail and mobility' },
  F06: { ko: '조선·해양', en: 'ship and marine' },
  F07: { ko: '금속·철강·소재', en: 'metals and materials' },
  F08: { ko: '기계·장비', en: 'machinery and equipment' },
  F09: { ko: '로봇', en: 'robotics' },
  F10: { ko: '정보통신·차세대통신', en: 'ICT and communication' },
  F11: { ko: '인공지능·빅데이터·소프트웨어', en: 'AI, data and software' },
  F12: { ko: '바이오·의료', en: 'bio and medical' },
  F13: { ko: '원자력·수소·에너지', en: 'nuclear, hydrogen and energy' },
  F14: { ko: '우주·항공·방산', en: 'space, air and defence' },
  F15: { ko: '화학·정밀화학', en: 'chemicals' },
  F16: { ko: '양자·보안', en: 'quantum and security' },
  F90: { ko: '기타', en: 'other' },
  F99: { ko: '모름', en: 'not known' },
}
