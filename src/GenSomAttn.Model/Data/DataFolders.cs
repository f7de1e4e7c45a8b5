namespace GenSomAttn.Model.Data;

/// <summary>Where data lie when nobody says so.</summary>
public static class DataFolders
{
    /// <summary>The shipped images.</summary>
    public static string Default() => Find("fashion-mnist");

    /// <summary>
    /// A shipped folder: data/NAME in the current folder, else in the nearest folder above the program that has it, else the first of
    /// these, which does not exist.
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
