using GenSomAttn.Model.Files;

namespace GenSomAttn.Cli.Output;

/// <summary>Folders that results go into.</summary>
internal static class OutputFolder
{
    /// <summary>Makes a folder, and those above it; it may be there already.</summary>
    /// <exception cref="RunException">It cannot be made; what the runtime says of a file in its place would not tell why.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"Cannot make the folder {folder}: {exception.Message}", exception);
        }
    }

    /// <summary>Makes the folder of a file.</summary>
    /// <exception cref="RunException">It cannot be made, or the file's name is that of a folder.</exception>
    public static void MakeFor(string file)
    {
        if (Directory.Exists(file))
        {
            throw new RunException($"Cannot write {file}: it is a folder. Give the name of a file.");
        }

        if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
        {
            Make(folder);
        }
    }

    /// <summary>Refuses a file of an ending that tells of another format than the one that is written.</summary>
    /// <exception cref="UsageException">It has another ending.</exception>
    public static void CheckEnding(string? file, string ending)
    {
        if (file is not null && !file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--output {file}: give a file whose name ends in {ending}.");
        }
    }
}
