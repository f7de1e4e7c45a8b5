using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;

namespace GenSomAttn.Cli.Verbs;

/// <summary>completion: prints the script by which a shell completes verbs, options and values of the installed tool.</summary>
/// <remarks>The scripts ask the program itself, with the directive [suggest:POSITION] of System.CommandLine.</remarks>
internal static class CompletionVerb
{
    private const string Bash = """
        _gensom() {
            local command=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT}
            line=${line#"$command"}
            line=${line# }
            mapfile -t COMPREPLY < <(compgen -W "$("$command" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word")
        }
        complete -o default -F _gensom gensom
        """;

    private const string Zsh = """
        _gensom() {
            local line=${LBUFFER#${words[1]}}
            line=${line# }
            local -a found=("${(@f)$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -- ${found:#} || _files
        }
        compdef _gensom gensom
        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName gensom -ScriptBlock {
            param($word, $tree, $position)
            $line = $tree.ToString().PadRight($position).Substring(0, $position) -replace '^\S+ ?', ''
            gensom "[suggest:$($line.Length)]" $line 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["pwsh"] = Pwsh };

    private static string Shells => string.Join(", ", Scripts.Keys);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "completion",
            "Prints the script that completes the commands, options and values of gensom in a shell: source <(gensom completion bash), the "
            + "same for zsh, or gensom completion pwsh | Out-String | Invoke-Expression. Example: completion bash");
        Argument<string> shell = verb.Declare(new Argument<string>("SHELL") { Description = $"{Shells}. Example: bash" });
        shell.CompletionSources.Add([.. Scripts.Keys]);
        shell.Validators.Add(result =>
        {
            if (!Scripts.ContainsKey(result.Tokens[0].Value))
            {
                result.AddError($"SHELL takes one of {Shells}, not '{result.Tokens[0].Value}'.");
            }
        });
        verb.SetAction(parse =>
        {
            Console.Out.WriteLine(Scripts[parse.GetRequiredValue(shell)]);
            return ExitCodes.Done;
        });
        return verb;
    }
}
