using System.Collections;

namespace GenSomAttn.Model.Data;

/// <summary>
/// The names of the images of several sets, one after another, made when they are read: those of two million images would take 120 MB.
/// </summary>
/// <param name="parts">Of each set what stands before its names, its names, or null for the numbers from 0 on, and its images.</param>
internal sealed class JoinedNames(IReadOnlyList<(string Before, IReadOnlyList<string>? Names, int Count)> parts) : IReadOnlyList<string>
{
    /// <inheritdoc/>
    public int Count { get; } = parts.Sum(part => part.Count);

    /// <inheritdoc/>
    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            foreach ((string before, IReadOnlyList<string>? names, int count) in parts)
            {
                if (index < count)
                {
                    return names is null ? $"{before}{index}" : $"{before}{names[index]}";
                }

                index -= count;
            }

            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
