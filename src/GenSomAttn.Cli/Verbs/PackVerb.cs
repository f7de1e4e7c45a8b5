using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>pack: writes a data set as IDX files, which are read faster than the pictures they are made of.</summary>
internal sealed class PackVerb(Command verb)
{
    private readonly Argument<string[]> _data = verb.Declare(new Argument<string[]>("DATA")
    {
        Description = "The data set, as for --data of the other commands; several become one. Example: photos",
        Arity = ArgumentArity.OneOrMore,
    });

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "The folder for the files; it must be empty or new. Example: --output packed"));

    private readonly Option<bool> _force = verb.Declare(new Option<bool>("--force")
    {
        Description = "Replace the files in a folder that holds a packed set and nothing else.",
    });

    private readonly IReadOnlyList<SettingOption> _reading = SettingOptions.AddReadingTo(verb);
    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "pack",
            "Writes a data set, such as a folder of pictures, as IDX files under MNIST's names, with its class names and the names of the "
            + "images: a data set that is read in seconds. Example: pack photos --image-size 64 --output packed");
        verb.SetAction(new PackVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        string folder = parse.GetValue(_output) ?? throw new UsageException("--output is missing: name the folder for the files.");
        bool isThere = CheckOutput(folder, parse.GetValue(_force));
        TrainingSettings settings = _reading.Aggregate(new TrainingSettings(), (given, setting) => setting.Apply(parse, given));
        UsageException.Check(settings.Validate);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        OutputFolder.Make(Path.GetDirectoryName(full)!);
        Dataset dataset = DataLoading.LoadForTraining(new DataPaths(parse.GetRequiredValue(_data)), settings, spool: full);
        IReadOnlyList<string> names = Write(dataset, full, isThere);
        if (dataset.Test.Count == 0)
        {
            Console.Error.WriteLine($"note: {folder}: there are no test images: read it with --test-share 0, which splits none off");
        }

        if (parse.GetValue(_json))
        {
            JsonOutput.Write(new
            {
                Folder = folder,
                Files = names,
                Train = dataset.Train.Count,
                Test = dataset.Test.Count,
                dataset.Train.Side,
                dataset.Train.Shape.Channels,
                Classes = dataset.ClassNames.Count,
            });
        }
        else
        {
            foreach (string name in names)
            {
                Console.Out.WriteLine(Path.Combine(folder, name));
            }
        }

        return ExitCodes.Done;
    }

    /// <summary>Refuses a folder in which something could be lost.</summary>
    /// <returns>Whether it is there.</returns>
    private static bool CheckOutput(string folder, bool force)
    {
        if (File.Exists(folder))
        {
            throw new UsageException($"--output {folder} is a file: give a folder.");
        }

        if (!Directory.Exists(folder))
        {
            return false;
        }

        string[] names = [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))];
        string? other = names.FirstOrDefault(name => !PackedSet.IsName(name));
        if (other is not null)
        {
            throw new UsageException($"--output {folder} holds {other}, which is not of a packed set: give an empty or new folder.");
        }

        return names.Length == 0 || force
            ? true
            : throw new UsageException($"--output {folder} holds a packed set: replace it with --force, or give another folder.");
    }

    /// <summary>Writes all files into a folder beside, which takes the place when it is complete.</summary>
    private static IReadOnlyList<string> Write(Dataset dataset, string folder, bool isThere)
    {
        string beside = $"{folder}.{Environment.ProcessId}.tmp";
        OutputFolder.Make(beside);
        try
        {
            IReadOnlyList<string> names = PackedSet.Write(dataset, beside);
            if (isThere)
            {
                Replace(folder, beside);
            }
            else
            {
                Directory.Move(beside, folder);
            }

            return names;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot write {folder}: {exception.Message}", exception);
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }

    /// <summary>Replaces a folder by another. A process that is killed leaves the old one whole, beside if not in its place.</summary>
    private static void Replace(string folder, string other)
    {
        string old = $"{folder}.{Environment.ProcessId}.old.tmp";
        Directory.Move(folder, old);
        try
        {
            Directory.Move(other, folder);
        }
        catch (IOException)
        {
            Directory.Move(old, folder);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }
}
