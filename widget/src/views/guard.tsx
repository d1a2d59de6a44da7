import { Component, type ComponentChildren } from "preact";

interface Props {
  /** What stands there instead when something could not be drawn. */
  instead: ComponentChildren;
  children: ComponentChildren;
}

/** Keeps a fault in drawing from leaving the person with nothing. */
export class Guard extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
