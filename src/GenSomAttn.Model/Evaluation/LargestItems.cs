namespace GenSomAttn.Model.Evaluation;

/// <summary>The items with the largest keys of a sequence, a fixed number at most; of equal keys the first are kept.</summary>
/// <param name="capacity">Maximum number of items.</param>
internal sealed class LargestItems<T>(int capacity)
{
    private readonly PriorityQueue<T, (double Key, long Order)> _items = new();
    private long _added;

    /// <summary>Returns the items, the largest key first.</summary>
    public IReadOnlyList<T> InOrder() =>
        [.. _items.UnorderedItems.OrderByDescending(each => each.Priority).Select(each => each.Element)];

    /// <summary>Adds an item if its key is among the largest.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Makes the item; called only if it is kept.</param>
    public void Add(double key, Func<T> make)
    {
        // The item with the lowest priority goes first: the smallest key, and of equal ones the last.
        (double, long) priority = (key, -_added++);
        if (_items.Count < capacity)
        {
            _items.Enqueue(make(), priority);
        }
        else if (_items.TryPeek(out _, out (double, long) least) && priority.CompareTo(least) > 0)
        {
            _items.Dequeue();
            _items.Enqueue(make(), priority);
        }
    }
}
