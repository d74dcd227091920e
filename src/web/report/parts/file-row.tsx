import { neutralise } from '../../page/untrusted-text.ts'
import type { ChosenFile, Fate } from '../evidence.ts'
import { Button } from './buttons.tsx'
import { useSpeech } from './speaking.tsx'

interface FileRowProps {
  readonly chosen: ChosenFile
  readonly onFate: (fate: Fate) => void
  readonly onRemove: () => void
}

const FATES = ['keep', 'send'] as const

export function FileRow({ chosen, onFate, onRemove }: FileRowProps) {
  const { words, size } = useSpeech()
  const { files } = words
  const { id, file, fate, isFresh } = chosen
  const name = neutralise(file.name)
  return (
    <li class="file">
      <FileName name={name} size={size(file.size)} />
      {isFresh ? (
        <p class="help">{files.fresh}</p>
      ) : (
        <fieldset class="choices">
          <legend class="unseen">
            {name}: {files.fate}
          </legend>
          <div class="options">
            {FATES.map(each => (
              <label key={each} class="option">
                <input
                  type="radio"
                  name={`fate-${id}`}
                  checked={fate === each}
                  onChange={() => onFate(each)}
                />
                <span>{files[each]}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <Button kind="quiet" onClick={onRemove} label={files.removeOf(name)}>
        {files.remove}
      </Button>
    </li>
  )
}

/** Its end can be read, too: there stands of what kind it is. */
export const FileName = ({ name, size }: { readonly name: string; readonly size: string }) => (
  <p class="file-name">
    <bdi>{name}</bdi> <span class="file-size">{size}</span>
  </p>
)
