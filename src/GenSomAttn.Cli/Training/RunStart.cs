using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Training;

/// <summary>Configuration and files of a run before the first step.</summary>
internal static class RunStart
{
    /// <summary>Returns the configuration with these settings where no option is given.</summary>
    public static RunConfig Configuration(TrainingSettings settings) => new()
    {
        Settings = settings,
        Data = DataFolders.Default(),
        Accelerator = AcceleratorSelection.Auto,
        Threads = 0,
        Version = ProgramInfo.Version,
        Commit = ProgramInfo.Commit,
        CommandLine = ProgramInfo.CommandLine,
    };

    /// <summary>Writes a picture of real images, and the configuration.</summary>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public static void Write(RunDirectory run, RunConfig config, Dataset dataset)
    {
        run.SavePicture(RunDirectory.RealsName, RunPictures.Reals(dataset));

        // Last: a folder with a configuration is a run that can be resumed, and resume does not draw the picture.
        run.SaveConfig(config);
    }
}
