using System.CommandLine;

namespace Tinyvex.Cli.Commands;

/// <summary><c>tinyvex completions</c>: a script by which a shell asks this program how a command line may go on.</summary>
internal static class CompletionsVerb
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _tinyvex() {
              local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
              local words=($("$1" '[suggest]' "tinyvex${line#"${COMP_WORDS[0]}"}" 2>/dev/null | cut -f 1))
              COMPREPLY=("${words[@]}")
            }
            complete -o bashdefault -o default -o nosort -F _tinyvex tinyvex
            """,
        ["zsh"] = """
            #compdef tinyvex
            _tinyvex() {
              local -a values texts
              local value text
              "${words[1]}" '[suggest]' "tinyvex${LBUFFER#"${words[1]}"}" 2>/dev/null | while IFS=$'\t' read -r value text; do
                values+=("$value")
                texts+=("${value}${text:+  -- $text}")
              done
              if (( ${#values} )); then compadd -V tinyvex -l -d texts -a values; else _files; fi
            }
            if [ "$funcstack[1]" = "_tinyvex" ]; then _tinyvex "$@"; else compdef _tinyvex tinyvex; fi
            """,
        ["fish"] = """
            function __tinyvex_suggest
                set -l words (commandline -opc)
                command $words[1] '[suggest]' (string replace -- $words[1] tinyvex (commandline -cp) | string collect) 2>/dev/null
            end
            complete -c tinyvex -f -k -a '(__tinyvex_suggest)'
            complete -c tinyvex -n '__fish_seen_subcommand_from backup restore replay' -F
            complete -c tinyvex -n '__fish_prev_arg_in --db --token-file --agents-file' -F
            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName tinyvex -ScriptBlock {
                param($word, $ast, $cursor)
                $line = $ast.ToString().PadRight($cursor - $ast.Extent.StartOffset).Substring(0, $cursor - $ast.Extent.StartOffset)
                $program = $ast.CommandElements[0].ToString()
                & $program '[suggest]' ('tinyvex' + $line.Substring($program.Length)) 2>$null | ForEach-Object {
                    $value, $text = $_ -split "`t", 2
                    if (-not $text) { $text = $value }
                    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
                }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var verb = new Command("completions", """
            Print a script that completes verbs, options, agents and threads. The shell then asks the program
            itself, and that a server that runs, so the script never has to be renewed. To have it always:

              bash        tinyvex completions bash > ~/.local/share/bash-completion/completions/tinyvex
              zsh         tinyvex completions zsh > ~/.zfunc/_tinyvex   (a directory in $fpath, before compinit)
              fish        tinyvex completions fish > ~/.config/fish/completions/tinyvex.fish
              powershell  tinyvex completions powershell >> $PROFILE
            """)
        {
            shell,
        };
        verb.SetAction(parsed =>
        {
            Console.WriteLine(Scripts[parsed.GetValue(shell)!]);
            return 0;
        });
        return verb;
    }
}
