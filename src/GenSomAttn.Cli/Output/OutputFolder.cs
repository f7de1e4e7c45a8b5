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
}
