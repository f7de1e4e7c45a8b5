namespace GenSomAttn.Tests.Support;

/// <summary>Location of the repository.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution: the nearest one above the test assembly.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "GenSomAttn.Native.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No GenSomAttn.Native.sln in any folder above {AppContext.BaseDirectory}.");
    }
}
