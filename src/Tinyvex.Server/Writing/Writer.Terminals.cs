using Tinyvex.Rows;
using Tinyvex.Storage;

namespace Tinyvex.Writing;

/// <summary>Terminals that agents run, and what is printed in them.</summary>
internal sealed partial class Writer
{
    private WriteOutcome Apply(TerminalCommand command) => command switch
    {
        OpenTerminal open => Open(open),
        PrintInTerminal print => Print(print),
        EndTerminal end => End(end),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private OpenedTerminal Open(OpenTerminal command)
    {
        var state = Require(command.ThreadId);
        EndOpen(state);
        RowChanged(state);
        var terminal = new TerminalRow
        {
            ThreadId = command.ThreadId,
            TerminalId = NewId(),
            Ord = state.NextOrd(),
            Command = command.Command,
            Args = command.Args,
            Cwd = command.Cwd,
            Status = TerminalStatus.Running,
            CreatedAt = _now,
            UpdatedAt = _now,
            Output = ReadOnlyMemory<byte>.Empty,
        };
        _store.Get(TerminalRow.Insert)
            .Bind(1, terminal.ThreadId).Bind(2, terminal.TerminalId).Bind(3, terminal.Ord).Bind(4, terminal.Command).BindText(5, terminal.Args)
            .Bind(6, terminal.Cwd).Bind(7, terminal.Status).Bind(8, _now)
            .Run();
        _changes.Add(new TerminalChanged(Append(terminal.ThreadId, EventKinds.Terminal, subject: terminal.TerminalId), terminal));
        return new OpenedTerminal { ThreadId = command.ThreadId, TerminalId = terminal.TerminalId };
    }

    private WriteOutcome Print(PrintInTerminal command)
    {
        var place = _store.Get(TerminalRow.OutputPlace).Bind(1, command.ThreadId).Bind(2, command.TerminalId);
        if (!place.Step()) throw TinyvexException.NotFound($"terminal '{command.TerminalId}'");
        var (before, told) = (place.Int64(0), place.NullableInt64(1));
        place.Reset();
        var outputLen = command.From + command.Text.Length;
        TerminalOutput.Append(_store, command.ThreadId, command.TerminalId, command.IsAnew ? -1 : before, command.From, command.Text.Span);
        TerminalOutput.Drop(_store, command.ThreadId, command.TerminalId, command.OutputStart);
        var position = Append(command.ThreadId, EventKinds.TerminalOutput, seq: command.From, textLen: outputLen, subject: command.TerminalId);
        // Who has missed the one before has missed this one too, and is given the row as it is.
        if (told is { } earlier) _store.Get(EventLog.Remove).Bind(1, earlier).Run();
        var row = _store.Get(TerminalRow.Printed)
            .Bind(1, command.ThreadId).Bind(2, command.TerminalId).Bind(3, command.OutputStart).Bind(4, outputLen).Bind(5, position).Bind(6, _now)
            .One(TerminalRow.Read)!;
        _changes.Add(command.IsAnew
            ? new TerminalChanged(position, row.WithOutput(_store))
            : new TerminalPrinted(position, row.ThreadId, row.TerminalId, command.From, command.Text, command.OutputStart, outputLen));
        return new WriteOutcome { ThreadId = command.ThreadId };
    }

    private WriteOutcome End(EndTerminal command)
    {
        End(command.ThreadId, command.TerminalId, command.Status, command.ExitCode, command.Signal);
        return new WriteOutcome { ThreadId = command.ThreadId };
    }

    private void End(string threadId, string terminalId, string status, long? exitCode = null, string? signal = null)
    {
        var ended = _store.Get(TerminalRow.End).Bind(1, threadId).Bind(2, terminalId).Bind(3, status).Bind(4, exitCode).Bind(5, signal).Bind(6, _now);
        // It may have ended before, or be gone with its thread.
        if (ended.One(TerminalRow.Read) is not { } row) return;
        _changes.Add(new TerminalChanged(Append(threadId, EventKinds.Terminal, subject: terminalId), row));
    }

    /// <summary>Terminals that run on paper alone: their server is gone, or goes.</summary>
    private void LoseTerminals(string threadId)
    {
        var running = _store.Get(TerminalRow.RunningOfThread).Bind(1, threadId).All(static row => row.Text(1));
        foreach (var terminalId in running) End(threadId, terminalId, TerminalStatus.Lost);
    }
}
