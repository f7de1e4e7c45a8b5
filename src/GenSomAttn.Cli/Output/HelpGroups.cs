using System.CommandLine;
using System.Text.RegularExpressions;
using GenSomAttn.Cli.Execution;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// Groups of the help: commands and options by purpose, a verb's own options before those that it shares. A verb that has all settings of
/// a training shows some of its options, and the rest with --help-all.
/// </summary>
internal static partial class HelpGroups
{
    /// <summary>The option that shows all options.</summary>
    public const string All = "--help-all";

    private const string Settings = "--attention", Options = "Options:", Commands = "Commands:";

    /// <summary>Options of train that people change; its plain help shows these.</summary>
    private static readonly string[] Changed =
        ["--data", "--epochs", "--map", "--image-size", "--channels", "--limit", "--batch-size", "--seed", "--model", "--output"];

    private static readonly (string Title, string[] Verbs)[] VerbGroups =
    [
        ("Train:", ["train", "resume", "compare"]),
        ("Use a trained run:", []),
        ("Data and program:", ["pack", "completion"]),
        ("Check and measure this machine:", ["devices", "doctor", "gradcheck", "bench"]),
    ];

    /// <summary>Groups that only verbs with all settings of a training have; for others these options are their own.</summary>
    private static readonly (string Title, string[] Names)[] SettingGroups =
    [
        ("Training:",
        [
            "--preset", "--model", "--epochs", "--validate", "--eval-every", "--batch-size", "--shards", "--learning-rate", "--seed",
            "--seeds", "--init",
        ]),
        ("Network and loss:", ["--latent", "--stages", "--attention", "--loss", "--quantized-weight", "--commitment"]),
        ("Map:",
        [
            "--map", "--lattice", "--torus", "--neighborhood", "--som-update", "--sigma-start", "--sigma-end", "--eta-start", "--eta-end",
        ]),
        ("Variational autoencoder:", ["--beta", "--decoder-variance"]),
    ];

    private static readonly (string Title, string[] Names)[] SharedGroups =
    [
        ("Data:",
        [
            "--data", "--limit", "--image-size", "--channels", "--fit", "--flip", "--background", "--test-share", "--follow-links",
            "--skip-broken", "--allow-nonfinite",
        ]),
        ("Machine:", ["--accelerator", "--device", "--threads", "--mpi-library"]),
        ("Output and help:", ["--checkpoint-minutes", "--no-progress", "--no-advice", "--json", "--verbose", "--version", "--help", All]),
    ];

    /// <summary>Returns the library's help text, which has a line for each option and command, in groups.</summary>
    /// <param name="text">The text, lines of unlimited length.</param>
    /// <param name="command">The command that it is about.</param>
    /// <param name="all">Whether all options are shown.</param>
    public static string Arrange(string text, Command command, bool all)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int options = Array.IndexOf(lines, Options);
        int afterOptions = Array.IndexOf(lines, "", options);
        IEnumerable<string> arranged = Grouped(lines[(options + 1)..afterOptions], command, all);
        int commands = Array.IndexOf(lines, Commands);
        IEnumerable<string> verbs = commands < 0 ? [] : Verbs(lines[(commands + 1)..].TakeWhile(line => line.Length > 0));
        return string.Join('\n', lines[..options].Concat(verbs).Concat(arranged));
    }

    private static IEnumerable<string> Grouped(string[] lines, Command command, bool all)
    {
        bool hasSettings = lines.Any(line => NameIn(line) == Settings);
        (string Title, string[] Names)[] groups = hasSettings ? [.. SettingGroups, .. SharedGroups] : SharedGroups;
        string[] own = [.. lines.Where(line => !groups.Any(group => group.Names.Contains(NameIn(line))))];
        if (hasSettings && !all)
        {
            string[] shown = command.Name == "train"
                ? [.. Changed.Select(name => lines.Single(line => NameIn(line) == name))]
                : own;
            string more = $"{lines.Length - shown.Length} more options, by purpose: {Invocation.Command($"{command.Name} {All}")}";
            return [Options, .. shown, "", more];
        }

        return groups.Select(group => (group.Title, Lines: Within(lines, group.Names))).Prepend((Options, own))
            .Where(group => group.Item2.Length > 0)
            .SelectMany(group => group.Item2.Prepend(group.Item1).Append(""))
            .SkipLast(1);
    }

    private static string[] Within(string[] lines, string[] names) =>
        [.. names.SelectMany(name => lines.Where(line => NameIn(line) == name))];

    private static IEnumerable<string> Verbs(IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        string[] named = [.. VerbGroups.SelectMany(group => group.Verbs)];
        foreach ((string title, string[] verbs) in VerbGroups)
        {
            yield return title;
            foreach (string line in all.Where(line => verbs.Length > 0 ? verbs.Contains(VerbIn(line)) : !named.Contains(VerbIn(line))))
            {
                yield return line;
            }

            yield return "";
        }
    }

    private static string VerbIn(string line) => line.Trim().Split(' ')[0];

    private static string NameIn(string line) => Name().Match(line).Value;

    [GeneratedRegex("--[a-z][a-z-]*")]
    private static partial Regex Name();
}
