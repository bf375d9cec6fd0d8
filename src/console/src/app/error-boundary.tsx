import { Component, type ReactNode } from "react";

interface State {
  error: Error | null;
}

/** Keeps a fault in one part from taking the page with it. `resetKey` is another one when there is something else to show. */
export class ErrorBoundary extends Component<{ children: ReactNode; what: string; resetKey?: unknown }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override componentDidUpdate(before: { resetKey?: unknown }): void {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="note bad" role="alert">
        <p>{this.props.what} could not be shown: {error.message}</p>
        <button type="button" className="button small" onClick={() => location.reload()}>Reload the page</button>
      </div>
    );
  }
}
