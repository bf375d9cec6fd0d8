namespace Tinyvex.Cli.Commands;

/// <summary>What help, completions and the man page say of a verb beside its own description, in the order in which one needs them.</summary>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Examples">Command lines, each with what it does.</param>
internal sealed record VerbGuide(string Group, string Verb, string Summary, params (string Line, string What)[] Examples)
{
    public static IReadOnlyList<VerbGuide> All { get; } =
    [
        new("To begin", "demo", "a first look, with a recorded agent: no account, no key", ("tinyvex demo --once", "see one turn, and end")),
        new("To begin", "run", "send a prompt and show the turn", ("tinyvex run \"What does this project do?\"", "ask the default agent about this directory")),
        new("To begin", "serve", "start the server", ("tinyvex serve --agent codex=\"npx -y @agentclientprotocol/codex-acp\"", "serve an agent of your own"), ("tinyvex serve --open", "serve, and show the console in the browser")),
        new("To begin", "acp", "stand between an editor and its agent", ("tinyvex acp --agent codex", "what an editor starts in place of the agent"), ("tinyvex acp -- codex-acp", "the same with the agent's command")),
        new("Conversations", "threads", "list them, newest first", ("tinyvex threads --limit 5", "the last five"), ("tinyvex threads --json | jq -r .title", "their titles")),
        new("Conversations", "show", "one of them, whole", ("tinyvex show last", "the newest"), ("tinyvex show last --markdown > last.md", "keep it as a document")),
        new("Conversations", "search", "find messages by their words", ("tinyvex search database lock", "messages with both words"), ("tinyvex search '\"disk is full\"' --thread last", "these words as they stand, in one thread")),
        new("Conversations", "watch", "every update as it comes", ("tinyvex watch", "all threads"), ("tinyvex watch --thread last --json", "one thread, for a program")),
        new("Conversations", "rename", "give one another title", ("tinyvex rename last Why cut titles end badly", "call the newest so")),
        new("Conversations", "archive", "take some out of the list, or back in", ("tinyvex archive last", "the newest"), ("tinyvex archive --undo last", "the one archived last, back into the list")),
        new("Conversations", "delete", "delete some for good", ("tinyvex delete last", "say what would go, and ask"), ("tinyvex export last --format json -o kept.json && tinyvex delete last --yes", "keep what can be imported again, and do not ask")),
        new("The server", "open", "show its console in the browser", ("tinyvex open", "open it, already let in"), ("ssh HOST tinyvex open --print", "a link to the console of another machine, for a tunnel to its port")),
        new("The server", "status", "whether one runs, and what it holds", ("tinyvex status", "look"), ("tinyvex status --json > /dev/null && echo yes", "test it in a script")),
        new("The server", "agents", "which agents there are; add one", ("tinyvex agents", "list them, with what is missing"), ("tinyvex agents add mine --env KEY=VALUE -- node agent.js", "add one of your own, while the server runs"), ("tinyvex agents default codex", "send prompts that name none to it")),
        new("The server", "stop", "stop it in an orderly way", ("tinyvex stop", "cancel what runs, write all, end")),
        new("Your data", "export", "write a conversation into a file", ("tinyvex export last --format markdown > last.md", "a document to keep"), ("tinyvex export --all --format json --output threads", "every thread, each in a file that can be imported")),
        new("Your data", "import", "bring conversations in from elsewhere", ("tinyvex import ~/.codex/sessions", "all sessions of Codex"), ("tinyvex import --dry-run session.jsonl", "what a file would bring")),
        new("Your data", "backup", "copy the database while the server goes on", ("tinyvex backup tinyvex.backup", "write a checked copy")),
        new("Your data", "restore", "put a backup in its place", ("tinyvex stop && tinyvex restore tinyvex.backup && tinyvex serve", "go back to it")),
        new("Your data", "doctor", "check it, and say what takes the room", ("tinyvex doctor", "look it over while the server goes on"), ("tinyvex stop && tinyvex doctor --repair", "mend what can be mended")),
        new("More", "completions", "print completions for a shell", ("source <(tinyvex completions bash)", "use them in this bash")),
        new("More", "man", "print the manual page", ("tinyvex man | man -l -", "read it")),
        new("More", "replay", "be an agent that plays a recording", ("tinyvex serve --agent old=\"tinyvex replay session.jsonl\"", "serve a recording as an agent")),
        new("More", "codex-exec", "be an agent over codex exec", ("tinyvex serve --agent fast=\"tinyvex codex-exec -- --model NAME\"", "serve codex exec with a model of your choice")),
    ];

    public static VerbGuide? Of(string verb) => All.FirstOrDefault(guide => guide.Verb == verb);
}
