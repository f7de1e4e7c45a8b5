namespace GenSomAttn.Model.Data;

/// <summary>Pictures that cannot be used and are left out: how many, and the faults of the first.</summary>
internal sealed class BrokenPictures
{
    private const int ToName = 3;
    private readonly List<string> _first = [];

    /// <summary>Number of pictures.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a picture.</summary>
    public void Add(string name, string fault)
    {
        Count++;
        if (_first.Count < ToName)
        {
            _first.Add($"{name}: {fault}");
        }
    }

    /// <summary>Returns a note of one sentence; none if there is no such picture.</summary>
    /// <param name="all">Number of pictures with those that can be used.</param>
    public IEnumerable<string> Notes(int all)
    {
        if (Count > 0)
        {
            yield return $"{Count} of {all} pictures cannot be used and are left out: "
                + string.Join(" ", _first) + (Count > ToName ? " ..." : "");
        }
    }
}
