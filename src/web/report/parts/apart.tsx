import { Component, type ComponentChildren } from 'preact'

interface ApartProps {
  /** What is shown inside: once it is another, showing it is tried anew. */
  readonly of: object
  readonly instead: ComponentChildren
  readonly children: ComponentChildren
}

/** A part of the page that holds what strangers wrote: what cannot be shown of it takes nothing else with it. */
export class Apart extends Component<ApartProps, { readonly failed: object | null }> {
  override state = { failed: null }

  override componentDidCatch() {
    this.setState({ failed: this.props.of })
  }

  override render() {
    const { of, instead, children } = this.props
    return this.state.failed === of ? instead : children
  }
}
