using GenSomAttn.Cli.Execution;
using GenSomAttn.Formats;

namespace GenSomAttn.Cli.Output;

/// <summary>Creation of folders for results.</summary>
internal static class OutputFolder
{
    /// <summary>Creates a folder and its parents; it may already exist.</summary>
    /// <exception cref="FileException">The folder cannot be created; the runtime's own message about a file of that name is
    /// misleading.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot make the folder {folder}: {exception.Message}", exception);
        }
    }

    /// <summary>Creates the folder of a file.</summary>
    /// <exception cref="FileException">The folder cannot be created, or the file's name is that of a folder.</exception>
    public static void MakeFor(string file)
    {
        if (Directory.Exists(file))
        {
            throw new FileException($"Cannot write {file}: it is a folder. Give the name of a file.");
        }

        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Make(folder);
        }
    }

    /// <summary>Refuses a file name whose extension does not match the format.</summary>
    /// <exception cref="UsageException">The file has another extension.</exception>
    public static void CheckEnding(string? file, string ending)
    {
        if (file is not null && !file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--output {file}: give a file whose name ends in {ending}.");
        }
    }
}
