/** Why a protocol function refused. Whatever is opened has exactly one failure: `open-failed`. */
export type ProtocolErrorCode =
  | 'bad-encoding'
  | 'bad-length'
  | 'bad-receipt-code'
  | 'bad-key'
  | 'bad-signature'
  | 'bad-document'
  | 'bad-certificate'
  | 'bad-chain'
  | 'wrong-deployment'
  | 'expired'
  | 'too-long'
  | 'open-failed'

export class ProtocolError extends Error {
  readonly code: ProtocolErrorCode

  constructor(code: ProtocolErrorCode, detail?: string) {
    super(detail === undefined ? code : `${code}: ${detail}`)
    this.name = 'ProtocolError'
    this.code = code
  }
}
