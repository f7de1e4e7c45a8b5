namespace GenSomAttn.Backends;

/// <summary>
/// The checks of operations' arguments, shared by all backends. Every backend calls the method that bears its operation's
/// name before anything else; each message says operation, operand, what it has and what it should have.
/// </summary>
internal static partial class OpChecks
{
    /// <summary>Throws unless an operand has the number of elements that its shape says.</summary>
    /// <param name="op">Operation, for the message.</param>
    /// <param name="operand">Operand, for the message.</param>
    /// <param name="view">The operand.</param>
    /// <param name="expected">Elements it must have.</param>
    /// <param name="sizes">Where the number comes from; formatted only when it is wrong.</param>
    private static void Length<T, TShape>(string op, string operand, DeviceView<T> view, int expected, TShape sizes)
        where T : unmanaged
        where TShape : struct
    {
        if (view.Length != expected)
        {
            throw new ArgumentException($"{op}: {operand} has {view.Length} elements, expected {expected} by {sizes}.", operand);
        }
    }

    /// <summary>Throws unless an operand is as long as another.</summary>
    private static void SameLength<T, TOther>(string op, string operand, DeviceView<T> view, string other, DeviceView<TOther> otherView)
        where T : unmanaged
        where TOther : unmanaged
    {
        if (view.Length != otherView.Length)
        {
            throw new ArgumentException(
                $"{op}: {operand} has {view.Length} elements, {other} has {otherView.Length}; they must be equal.", operand);
        }
    }

    /// <summary>Throws unless an operand holds one number.</summary>
    private static void Scalar(string op, string operand, DeviceView<float> view)
    {
        if (view.Length != 1)
        {
            throw new ArgumentException($"{op}: {operand} has {view.Length} elements, expected 1.", operand);
        }
    }

    /// <summary>Throws unless an operand holds two numbers.</summary>
    private static void Pair(string op, string operand, DeviceView<float> view)
    {
        if (view.Length != 2)
        {
            throw new ArgumentException($"{op}: {operand} has {view.Length} elements, expected 2.", operand);
        }
    }

    /// <summary>Throws unless a size is at least 1.</summary>
    private static void Positive(string op, string size, int value)
    {
        if (value < 1)
        {
            throw new ArgumentException($"{op}: {size} is {value}, expected at least 1.", size);
        }
    }

    /// <summary>Throws unless a setting is a positive number that is finite.</summary>
    private static void Positive(string op, string setting, float value)
    {
        if (!(value > 0) || !float.IsFinite(value))
        {
            throw new ArgumentException($"{op}: {setting} is {value}, expected a positive number.", setting);
        }
    }

    private static void InRange(string op, string size, int value, int lowest, int highest)
    {
        if (value < lowest || value > highest)
        {
            throw new ArgumentException($"{op}: {size} is {value}, expected {lowest} to {highest}.", size);
        }
    }
}
