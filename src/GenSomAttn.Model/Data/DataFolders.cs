namespace GenSomAttn.Model.Data;

/// <summary>Default data folders.</summary>
public static class DataFolders
{
    /// <summary>Returns the folder of the shipped images.</summary>
    public static string Default() => Find("fashion-mnist");

    /// <summary>
    /// Finds a shipped folder: data/NAME in the current folder, else in the nearest folder above the program that has it. If there is
    /// none, returns the first of these paths, which does not exist.
    /// </summary>
    public static string Find(string name)
    {
        string relative = Path.Combine("data", name);
        if (Directory.Exists(relative))
        {
            return relative;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, relative);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return relative;
    }
}
