// What pdf.js takes from elsewhere when it needs it, bundled: Korean encodings of fonts that a file does not bring, and
// decoders of scans. By the names under which it asks.
import korea1Ucs2 from 'pdfjs-dist/cmaps/Adobe-Korea1-UCS2.bcmap'
import kscEucH from 'pdfjs-dist/cmaps/KSC-EUC-H.bcmap'
import kscEucV from 'pdfjs-dist/cmaps/KSC-EUC-V.bcmap'
import kscmsUhcH from 'pdfjs-dist/cmaps/KSCms-UHC-H.bcmap'
import kscmsUhcHwH from 'pdfjs-dist/cmaps/KSCms-UHC-HW-H.bcmap'
import kscmsUhcHwV from 'pdfjs-dist/cmaps/KSCms-UHC-HW-V.bcmap'
import kscmsUhcV from 'pdfjs-dist/cmaps/KSCms-UHC-V.bcmap'
import kscpcEucH from 'pdfjs-dist/cmaps/KSCpc-EUC-H.bcmap'
import kscpcEucV from 'pdfjs-dist/cmaps/KSCpc-EUC-V.bcmap'
import uniksUcs2H from 'pdfjs-dist/cmaps/UniKS-UCS2-H.bcmap'
import uniksUcs2V from 'pdfjs-dist/cmaps/UniKS-UCS2-V.bcmap'
import uniksUtf16H from 'pdfjs-dist/cmaps/UniKS-UTF16-H.bcmap'
import uniksUtf16V from 'pdfjs-dist/cmaps/UniKS-UTF16-V.bcmap'
import jbig2 from 'pdfjs-dist/wasm/jbig2.wasm'
import openjpeg from 'pdfjs-dist/wasm/openjpeg.wasm'

export const bundledData: ReadonlyMap<string, Uint8Array> = new Map([
  ['Adobe-Korea1-UCS2.bcmap', korea1Ucs2],
  ['KSC-EUC-H.bcmap', kscEucH],
  ['KSC-EUC-V.bcmap', kscEucV],
  ['KSCms-UHC-H.bcmap', kscmsUhcH],
  ['KSCms-UHC-V.bcmap', kscmsUhcV],
  ['KSCms-UHC-HW-H.bcmap', kscmsUhcHwH],
  ['KSCms-UHC-HW-V.bcmap', kscmsUhcHwV],
  ['KSCpc-EUC-H.bcmap', kscpcEucH],
  ['KSCpc-EUC-V.bcmap', kscpcEucV],
  ['UniKS-UCS2-H.bcmap', uniksUcs2H],
  ['UniKS-UCS2-V.bcmap', uniksUcs2V],
  ['UniKS-UTF16-H.bcmap', uniksUtf16H],
  ['UniKS-UTF16-V.bcmap', uniksUtf16V],
  ['jbig2.wasm', jbig2],
  ['openjpeg.wasm', openjpeg],
])
