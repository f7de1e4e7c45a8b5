using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;

namespace GenSomAttn.Tests.Support;

/// <summary>A call of an operation whose operands can be given any lengths.</summary>
/// <param name="Op">The operation.</param>
/// <param name="Lengths">The right length of each operand.</param>
/// <param name="Invoke">Calls the operation.</param>
public sealed record OpCall(string Op, IReadOnlyDictionary<string, int> Lengths, Action<OpCall.Operands> Invoke)
{
    /// <summary>Calls the operation with the right lengths except for one operand.</summary>
    public void Run(Backend<float> backend, string? wrongOperand = null, int excess = 0)
    {
        using ScratchBuffers<float> scratch = new(backend);
        Invoke(new Operands(scratch, name => Lengths[name] + (name == wrongOperand ? excess : 0)));
    }

    /// <inheritdoc/>
    public override string ToString() => Op;

    /// <summary>Zero-filled operands by name, of the lengths that the call specifies.</summary>
    public sealed class Operands(ScratchBuffers<float> scratch, Func<string, int> length)
    {
        public Backend<float> Backend => scratch.Backend;

        public DeviceView<float> this[string name] => scratch.Zeros<float>(length(name));

        public DeviceView<int> Ints(string name) => scratch.Zeros<int>(length(name));

        public DeviceView<byte> Bytes(string name) => scratch.Zeros<byte>(length(name));
    }
}
