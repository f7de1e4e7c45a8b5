namespace GenSomAttn.Backends.Simd;

/// <summary>A weighted sum of rows of floats that is put together term by term and computed in one go.</summary>
internal unsafe struct WeightedRows<TVector>(float* memory, int capacity)
    where TVector : unmanaged, ISimdVector<TVector>
{
    private readonly float** _rows = (float**)memory;
    private readonly float* _weights = memory + (capacity * FloatsPerAddress);
    private int _count;

    private static int FloatsPerAddress => sizeof(float*) / sizeof(float);

    /// <summary>Floats of memory for so many terms.</summary>
    public static int Length(int capacity) => capacity * (FloatsPerAddress + 1);

    /// <summary>Forgets all terms.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds weight · row.</summary>
    public void Add(float weight, float* row)
    {
        _rows[_count] = row;
        _weights[_count++] = weight;
    }

    /// <summary>target[i] = Σ over the terms of weight · row[i].</summary>
    public readonly void Sum(int length, float* target)
    {
        const int Chains = 4;
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            // Four sums, so that a multiply-add need not wait for the one before it.
            TVector sum0 = TVector.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
            int term = 0;
            for (; term <= _count - Chains; term += Chains)
            {
                sum0 = TVector.MultiplyAdd(TVector.Splat(_weights[term]), TVector.Load(_rows[term] + i), sum0);
                sum1 = TVector.MultiplyAdd(TVector.Splat(_weights[term + 1]), TVector.Load(_rows[term + 1] + i), sum1);
                sum2 = TVector.MultiplyAdd(TVector.Splat(_weights[term + 2]), TVector.Load(_rows[term + 2] + i), sum2);
                sum3 = TVector.MultiplyAdd(TVector.Splat(_weights[term + 3]), TVector.Load(_rows[term + 3] + i), sum3);
            }

            for (; term < _count; term++)
            {
                sum0 = TVector.MultiplyAdd(TVector.Splat(_weights[term]), TVector.Load(_rows[term] + i), sum0);
            }

            (sum0 + sum1 + (sum2 + sum3)).Store(target + i);
        }

        for (; i < length; i++)
        {
            float sum = 0;
            for (int term = 0; term < _count; term++)
            {
                sum += _weights[term] * _rows[term][i];
            }

            target[i] = sum;
        }
    }
}
