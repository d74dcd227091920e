import { render } from 'preact'
import { emptyWhenLeft } from '../page/left-behind.ts'
import { App } from './app.tsx'
import './style.css'

const place = document.getElementById('app')
if (place) {
  emptyWhenLeft(place)
  render(<App />, place)
}
