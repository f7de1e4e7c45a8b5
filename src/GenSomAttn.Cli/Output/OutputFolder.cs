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

    /// <summary>
    /// Returns a file name that is free, or whose file already holds the result: with other data, the same command has another result.
    /// </summary>
    /// <param name="name">The name without its ending; -2, -3, ... are added to it if needed.</param>
    /// <param name="ending">The ending, with its dot.</param>
    /// <param name="holdsResult">Returns whether a file holds the result.</param>
    public static string FreeName(string name, string ending, Func<string, bool> holdsResult)
    {
        for (int number = 1; ; number++)
        {
            string file = (number == 1 ? name : $"{name}-{number}") + ending;
            if (File.Exists(file) ? holdsResult(file) : !Path.Exists(file))
            {
                return file;
            }
        }
    }

    /// <summary>Returns whether a file holds these bytes.</summary>
    public static bool Holds(string file, byte[] bytes) => File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes);

    /// <summary>Refuses a file name whose extension does not match the format.</summary>
    /// <exception cref="UsageException">The file has another extension.</exception>
    public static void CheckEnding(string? file, string ending, string option = "--output")
    {
        if (file is not null && !file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"{option} {file}: give a file whose name ends in {ending}.");
        }
    }
}
