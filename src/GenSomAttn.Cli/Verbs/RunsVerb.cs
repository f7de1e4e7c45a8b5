using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Listing;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Verbs;

/// <summary>runs: all runs of a folder with their scores, or some of them side by side.</summary>
internal sealed class RunsVerb(Command verb)
{
    private readonly Argument<string[]> _runs = verb.Declare(CommonOptions.Runs());
    private readonly DefaultedOption<string> _folder = verb.Declare(ValueForms.Path.CreateOption(
        "--folder", "Folder of the runs.", "runs", "--folder /tmp/runs"));

    private readonly Option<RunColumn> _sort = verb.Declare(SortForm().CreateOption(
        "--sort", "Column to sort by, the smallest first; runs without a value are last. Default: run. Example: --sort mse_e"));

    private readonly Option<bool> _descending = verb.Declare(new Option<bool>("--descending")
    {
        Description = "Sort the largest, or the newest, first.",
    });

    private readonly Option<bool> _diff = verb.Declare(new Option<bool>("--diff")
    {
        Description = "Show what differs in the configurations of the runs instead. Example: runs 3 5 --diff",
    });

    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "runs",
            "Lists runs with their newest scores; purity and fcd_samples are those of the newest 'evaluate'. A run that is damaged is "
            + "listed with what is wrong. Example: runs --sort mse_e");
        verb.SetAction(new RunsVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        string folder = parse.Get(_folder);
        string[] chosen = parse.GetValue(_runs) ?? [];
        IReadOnlyList<RunSummary> runs = chosen.Length == 0
            ? RunSummary.All(folder)
            : [.. chosen.Select(run => RunSummary.Of(RunDirectory.Open(run, folder)))];
        runs = (parse.GetValue(_sort) ?? RunColumn.All[0]).Sort(runs, parse.GetValue(_descending));
        if (parse.GetValue(_diff))
        {
            PrintDifferences(runs, parse.GetValue(_json));
        }
        else if (parse.GetValue(_json))
        {
            JsonOutput.Write(new { Runs = runs });
        }
        else
        {
            Print(runs, folder);
        }

        return ExitCodes.Done;
    }

    private static void Print(IReadOnlyList<RunSummary> runs, string folder)
    {
        if (runs.Count == 0)
        {
            Console.Error.WriteLine($"note: the folder {Path.GetFullPath(folder)} has no runs");
            return;
        }

        // A column that no run has a value for is left out.
        RunColumn[] columns = [.. RunColumn.All.Where(column => runs.Any(run => column.Value(run) is not null))];
        var table = new TextTable(1, [.. columns.Select(column => new TextTable.Column(column.Name, column.IsNumber))]);
        foreach (RunSummary run in runs)
        {
            table.Add(columns.Select(column => column.Value(run) is { } value ? column.Text(value) : ""));
        }

        table.Print();
    }

    private static void PrintDifferences(IReadOnlyList<RunSummary> runs, bool json)
    {
        if (runs.Count < 2)
        {
            throw new UsageException("--diff compares runs: name at least two. Example: runs 3 5 --diff");
        }

        RunConfig[] configs = [.. runs.Select(run => run.Config ?? throw new FileException(run.Problems[0]))];
        IReadOnlyList<(string Key, IReadOnlyList<string> Values)> differences = RunDifferences.Of(configs);
        if (json)
        {
            JsonOutput.Write(new
            {
                Runs = runs.Select(run => run.Path),
                Differences = differences.ToDictionary(difference => difference.Key, difference => difference.Values),
            });
            return;
        }

        var table = new TextTable(1, [.. TextTable.Texts(["", .. runs.Select(run => $"{run.Number}")])]);
        foreach ((string key, IReadOnlyList<string> values) in differences)
        {
            table.Add([key, .. values]);
        }

        table.Print();
    }

    private static ValueForm<RunColumn> SortForm()
    {
        string names = string.Join(", ", RunColumn.All.Select(column => column.Name));
        return new ValueForm<RunColumn>($"one of {names}", "COLUMN", (string text, out RunColumn value) =>
        {
            value = RunColumn.All.FirstOrDefault(column => column.Name == text)!;
            return value is not null;
        });
    }
}
