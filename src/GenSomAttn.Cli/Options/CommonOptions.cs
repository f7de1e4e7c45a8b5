using System.CommandLine;
using System.CommandLine.Parsing;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Cli.Options;

/// <summary>Options and arguments that several verbs share.</summary>
internal static class CommonOptions
{
    /// <summary>--verbose, an option of every verb.</summary>
    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "On an error, print the stack trace.",
        Recursive = true,
    };

    /// <summary>--help-all: the help with all options; see <see cref="HelpGroups"/>.</summary>
    public static readonly Option<bool> HelpAll = new(HelpGroups.All)
    {
        Description = "Show help with all options, by purpose.",
        Recursive = true,
    };

    /// <summary>--json: one JSON document instead of tables.</summary>
    public static Option<bool> Json() => new("--json")
    {
        Description = "Print the result as one JSON document on stdout.",
    };

    /// <summary>--no-advice of the verbs that end with advice.</summary>
    public static Option<bool> NoAdvice() => new("--no-advice")
    {
        Description = "No advice on the scores on stderr; 'advise' prints it.",
    };

    /// <summary>The argument RUN: a run directory or its number.</summary>
    public static Argument<string> Run() => new("RUN")
    {
        Description = "A run directory, or its number in the folder 'runs'. Example: 7",
        Validators = { RefuseNoRun },
    };

    /// <summary>The arguments RUN of a list of runs.</summary>
    public static Argument<string[]> Runs() => new("RUN")
    {
        Description = "Run directories, or their numbers in the folder. Default: all runs of the folder. Example: 3 5",
        Arity = ArgumentArity.ZeroOrMore,
        Validators = { RefuseNoRun },
    };

    /// <summary>The arguments PATH: picture files, and folders of them.</summary>
    public static Argument<string[]> Pictures() => new("PATH")
    {
        Description = "Picture files (PNG, JPEG, BMP, GIF, WebP) and folders of pictures at any depth, without labels. "
            + "Default: the images of the data set. Example: photos",
        Arity = ArgumentArity.ZeroOrMore,
        Validators = { RefuseNoPath },
    };

    /// <summary>--accelerator: the kind of backend.</summary>
    public static DefaultedOption<string> Accelerator() => new ValueForm<string>(
        $"one of {string.Join(", ", AcceleratorNames)}", string.Join('|', AcceleratorNames), IsAccelerator)
        .CreateOption(
            "--accelerator", "Backend to compute with; see the command 'devices'.", AcceleratorSelection.Auto, "--accelerator cpu");

    /// <summary>--threads: number of compute threads.</summary>
    public static DefaultedOption<int> Threads() => ValueForms.Whole(0, BackendFactory.MaxThreads).CreateOption(
        "--threads", "Compute threads, 0 for one per processor.", 0, "--threads 2");

    /// <summary>--device: index among several devices.</summary>
    public static DefaultedOption<int> Device() => ValueForms.Whole(0, BackendFactory.LastDevice).CreateOption(
        "--device", "Number of the device in the list of the command 'devices'.", 0, "--accelerator cuda --device 1");

    /// <summary>--skip-broken of the verbs that read data for a trained run or a comparison: leaves unreadable pictures out.</summary>
    public static Option<bool> SkipBroken() => new("--skip-broken")
    {
        Description = "Leave out pictures of an image folder that cannot be read; otherwise the first of them stops the program.",
    };

    /// <summary>--scale of the verbs that draw figures.</summary>
    public static DefaultedOption<int> PictureScale() => ValueForms.Whole(1, Picture.MaxScale).CreateOption(
        "--scale", "Size of the pictures: 2 for sharp screens and print, twice as wide and high.", 1, "--scale 2");

    /// <summary>--classifier: the classifier that scores generated images.</summary>
    public static Option<string> Classifier() => ValueForms.Path.CreateOption(
        "--classifier", "Classifier whose features score generated images: its run directory, its number in the folder 'runs', or a "
        + "checkpoint. Default: data/classifier/fashion-mnist.safetensors, here or beside the program. "
        + "Example: --classifier runs/0003-classifier-s42");

    /// <summary>--mpi-library: the library that connects the processes of mpirun.</summary>
    public static Option<string> MpiLibrary() => ValueForms.Path.CreateOption(
        "--mpi-library", "MPI library that connects the processes that mpirun or srun started. Default: that of the launcher, "
        + "libmpi.so.40 (Open MPI), libmpi.so.12 (MPICH) or libmpi_abi.so.1; none for one process. Example: --mpi-library "
        + "/opt/mpi/lib/libmpi.so.12");

    /// <summary>--data: the data set of a training.</summary>
    public static Option<string[]> Data() => ValueForms.Path.CreateRepeatedOption(
        "--data", "A data set: a folder of pictures (PNG, JPEG, BMP, GIF, WebP) at any depth, in a folder for each class or not, in "
        + "folders train and test or not; a folder of MNIST's files, under the names of Kaggle or EMNIST too, or one of these files, to "
        + "choose among several sets; or an .npz or .npy file; or the word sample, for 2,500 images that come with the program. "
        + "Given several times, the sets are one, in this order, with labels merged by the names of the classes. "
        + "Default: data/fashion-mnist, here or beside the program. "
        + "Example: --data /home/me/photos");

    /// <summary>--data of the verbs that read a run.</summary>
    public static Option<string[]> DataOfRun() => ValueForms.Path.CreateRepeatedOption(
        "--data", "The data set, or several by giving it several times. Default: that of the training. "
        + "Example: --data data/fashion-mnist");

    /// <summary>Accepts a checkpoint that holds infinities or NaN.</summary>
    public static Option<bool> AllowNonFinite() => new("--allow-nonfinite")
    {
        Description = "Read a checkpoint even if it holds infinities or NaN, to find out what went wrong.",
    };

    private static IReadOnlyList<string> AcceleratorNames => BackendFactory.Names;

    private static void RefuseNoRun(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(token => string.IsNullOrWhiteSpace(token.Value) || token.Value.StartsWith('-')) is { } token)
        {
            result.AddError($"RUN takes a run directory or a number, not '{token.Value}'.");
        }
    }

    private static void RefuseNoPath(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-') || string.IsNullOrWhiteSpace(token.Value)) is { } token)
        {
            result.AddError($"PATH takes pictures and folders, not '{token.Value}'.");
        }
    }

    private static bool IsAccelerator(string text, out string value)
    {
        value = text;
        return AcceleratorNames.Contains(text);
    }
}
