// 신고자가 적은 것에서 틀린 곳, 한국어.
import type { InputMistake } from '../../client/index.ts'
import type { FileCode } from '../exit.ts'
import type { InputText, WrongInputKind } from './en-input.ts'

export const koreanInput: Readonly<Record<WrongInputKind | InputMistake, InputText>> = {
  'no-text-named': () =>
    '어떤 글을 보낼지 적지 않으셨습니다. 파일 이름을 적거나, 표준 입력이면 - 를 적어 주십시오.',
  'empty-text': () => '글이 비어 있습니다.',
  'text-too-large': path => `${path}: 글이 너무 깁니다.`,
  'not-utf8': path => `${path}: UTF-8로 된 글이 아닙니다. 편집기에서 UTF-8로 저장해 주십시오.`,
  'input-taken': () => '표준 입력 하나로 글과 접수 코드를 함께 받을 수 없습니다.',
  'no-code-given': () => '접수 코드를 물을 터미널이 없습니다. --code-file 로 알려 주십시오.',
  'nobody-to-ask': () => '물어볼 터미널이 없습니다. 묻지 않고 하려면 --yes 를 적어 주십시오.',

  'to-and-not-for': ids => `--to 와 --not-for 에 같은 기관을 적으셨습니다: ${ids}`,
  'no-such-agency': (ids, known) => `그런 기관이 없습니다: ${ids} (있는 기관: ${known})`,
  'none-recommended': () => '기관 명부가 권하는 곳이 남지 않았습니다. --to 로 기관을 골라 주십시오.',
  'object-to-stranger': id => `--object: 이 신고에 관여하지 않는 기관입니다: ${id}`,
  'nothing-to-object': id => `--object: 지금 이의를 제기할 수 있는 일이 이 기관에 없습니다: ${id}`,
  'save-and-delete': () => '--save 와 --delete 는 함께 쓸 수 없습니다. 하나씩 해 주십시오.',
  'no-reply-id': text => `회신의 식별값이 아닙니다: ${text}`,
  'roots-and-directory': () => '--roots 와 --directory 는 함께 적거나 둘 다 적지 마십시오.',
  'report-too-long': () => '글이 너무 깁니다. 줄이거나, 나머지를 `bongsu write`로 덧붙여 주십시오.',
  'service-address': url => `서비스 주소가 아닙니다: ${url} (http:// 또는 https:// 와 이름까지만 적습니다.)`,
  'agency-count': most => `한 번에 기관 한 곳에서 ${most}곳까지 보낼 수 있습니다.`,
  'agency-not-today': id => `오늘은 보낼 수 없는 기관입니다: ${id}`,
  'no-holder': () => '이 신고를 맡고 있는 기관이 없어 보낼 수 없습니다.',
  'objection-misplaced': () => '이의의 대상이 지금 이 신고를 맡은 기관의 일이 아닙니다.',

  'not-a-file': path => `${path}: 파일이 아닙니다.`,
  'file-changed': path => `${path}: 읽는 동안 내용이 바뀌었습니다. 바뀌지 않게 한 뒤 다시 해 주십시오.`,
  'file-changed-since': () =>
    '올리기 시작한 뒤에 파일이 바뀌었습니다. 상태 파일을 지우고 처음부터 다시 보내 주십시오.',
  'too-many-files': (most, count) => `한 번에 파일 ${most}개까지 보낼 수 있는데 ${count}개입니다.`,
  'files-too-large': () => '첨부한 파일을 모두 합하면 2 GiB가 넘습니다.',
  'name-taken': folder => `${folder}: 같은 이름의 파일이 너무 많습니다.`,
  'resume-without-files': () => '--resume-file 은 --attach 로 파일을 보낼 때만 씁니다.',
  'resume-of-another': path => `${path}: 다른 메시지나 다른 배치의 올리기입니다.`,
  'resume-other-files': path => `${path}: 올리던 파일과 다르거나 크기가 바뀌었습니다.`,
  'no-resume-file': path => `${path}: 올리기를 적어 둔 파일이 아닙니다.`,
  'others-may-read': path => `${path}: 다른 사람도 읽을 수 있는 파일입니다. 먼저 chmod 600 을 해 주십시오.`,
  'upload-taken': path =>
    `${path}: 다른 명령이 이 올리기를 이어 가고 있습니다. 그런 명령이 없다면 그 파일을 지워 주십시오.`,
}

/** 운영 체제가 파일을 내주지 않은 까닭. */
export const KOREAN_FILE_ERRORS: Readonly<Record<FileCode, string>> = {
  ENOENT: '그런 파일이나 폴더가 없습니다.',
  EACCES: '읽거나 쓸 권한이 없습니다.',
  EPERM: '읽거나 쓸 권한이 없습니다.',
  EISDIR: '파일이 아니라 폴더입니다.',
  EEXIST: '이미 있습니다.',
  ENOTDIR: '폴더가 아닌 것을 폴더로 적으셨습니다.',
  ENOSPC: '디스크에 남은 자리가 없습니다.',
  EDQUOT: '디스크에서 쓸 수 있는 한도를 넘었습니다.',
  EFBIG: '파일이 너무 큽니다.',
  EROFS: '쓸 수 없는 디스크입니다.',
  ENAMETOOLONG: '이름이 너무 깁니다.',
  EIO: '디스크를 읽거나 쓰지 못했습니다.',
  ELOOP: '서로를 가리키는 링크입니다.',
  ENXIO: '그런 장치가 없습니다.',
  EBUSY: '다른 프로그램이 쓰고 있습니다.',
  ENOTEMPTY: '비어 있지 않은 폴더입니다.',
  ETXTBSY: '실행 중인 파일입니다.',
}
