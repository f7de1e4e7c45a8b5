using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn;

/// <summary>
/// A trained generative self-organizing map: an autoencoder of square images, and a map of its codes. N images, S rows and columns and C
/// channels of an image, D elements of a code, U units of the map.
/// </summary>
/// <remarks>
/// All methods may be called from any thread; those of one instance run one after another, because it has one set of buffers. Instances
/// share nothing. An instance holds threads or a device: dispose it.
/// </remarks>
public sealed partial class GenerativeMap : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Backend<float> _backend;
    private readonly SomAttnModel _model;
    private readonly Checkpoint _checkpoint;
    private readonly DeviceBuffer<float> _batch;
    private ImageSampler? _sampler;
    private bool _isDisposed;

    private GenerativeMap(Backend<float> backend, SomAttnModel model, Checkpoint checkpoint)
    {
        _backend = backend;
        _model = model;
        _checkpoint = checkpoint with { Tensors = [] };
        _batch = backend.Allocate<float>(model.MaxBatch * model.Shape.Length);
    }

    /// <summary>U = Rows · Columns: rows of the map.</summary>
    public int Rows => _model.Map.Height;

    /// <summary>U = Rows · Columns: columns of the map.</summary>
    public int Columns => _model.Map.Width;

    /// <summary>S, rows and columns of an image.</summary>
    public int Side => _model.Side;

    /// <summary>C, channels of an image: 1 gray, 3 red, green and blue.</summary>
    public int Channels => _model.Shape.Channels;

    /// <summary>D, elements of a code.</summary>
    public int CodeLength => _model.CodeLength;

    /// <summary>Completed steps of the training.</summary>
    public long Steps => _checkpoint.Step;

    /// <summary>Whether the training was cancelled before its last step; false for a model that was loaded.</summary>
    public bool Stopped { get; private init; }

    /// <summary>Name of the accelerator that computes, such as "cpu".</summary>
    public string Accelerator => _backend.Name;

    /// <summary>
    /// Whether <see cref="Generate"/> draws from the density of images: those of the training, or of <see cref="FitDensity"/>.
    /// </summary>
    public bool HasDensity
    {
        get
        {
            lock (_gate)
            {
                return _sampler is not null;
            }
        }
    }

    /// <summary>Encodes images.</summary>
    /// <param name="pixels">(N, S, S, C), 0 dark to 1 bright.</param>
    /// <returns>(N, D), the codes.</returns>
    /// <exception cref="ArgumentException">There is no image, the length does not fit, or a value is NaN or not in [0, 1].</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public float[] Encode(ReadOnlySpan<float> pixels)
    {
        int count = CountOf(pixels);
        float[] codes = new float[count * CodeLength];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            for (int start = 0; start < count; start += _model.MaxBatch)
            {
                int batch = Math.Min(_model.MaxBatch, count - start);
                Encode(pixels, start, batch).CopyTo(codes.AsSpan(start * CodeLength, batch * CodeLength));
            }
        }

        return codes;
    }

    /// <summary>Finds the place of each image on the map.</summary>
    /// <param name="pixels">(N, S, S, C), 0 dark to 1 bright.</param>
    /// <returns>(N), the places.</returns>
    /// <exception cref="ArgumentException">There is no image, the length does not fit, or a value is NaN or not in [0, 1].</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public MapPlace[] Locate(ReadOnlySpan<float> pixels)
    {
        int count = CountOf(pixels);
        var places = new MapPlace[count];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            for (int start = 0; start < count; start += _model.MaxBatch)
            {
                int batch = Math.Min(_model.MaxBatch, count - start);
                Winners winners = _model.Map.FindWinners(Encode(pixels, start, batch), batch);
                (int[] bmu, int[] second, float[] squared) =
                    (winners.Bmu.ToArray(), winners.Second.ToArray(), winners.SquaredDistances.ToArray());
                for (int n = 0; n < batch; n++)
                {
                    int? other = second[n] < 0 ? null : second[n];
                    places[start + n] = new MapPlace(
                        bmu[n] / Columns, bmu[n] % Columns, Math.Sqrt(squared[2 * n]), other / Columns, other % Columns);
                }
            }
        }

        return places;
    }

    /// <summary>Decodes codes to images.</summary>
    /// <param name="codes">(N, D).</param>
    /// <returns>(N, S, S, C), 0 dark to 1 bright.</returns>
    /// <exception cref="ArgumentException">There is no code, the length does not fit, or a value is not finite.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    /// <exception cref="InsufficientMemoryException">The device has too little memory.</exception>
    public float[] Decode(ReadOnlySpan<float> codes)
    {
        Faults.CountOf(codes.Length, CodeLength, nameof(codes));
        Faults.CheckCodes(codes, CodeLength);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try
            {
                return new Sampler(_model).Decode(codes);
            }
            catch (Exception exception) when (Faults.Explain(exception) is { } known)
            {
                throw known;
            }
        }
    }

    /// <summary>Returns the codebook vector of each unit; <see cref="Decode"/> makes the picture of the map from them.</summary>
    /// <returns>(U, D), unit = row · <see cref="Columns"/> + column.</returns>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public float[] Codebook()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _model.Map.Codebook.ToArray();
        }
    }

    /// <summary>
    /// Generates new images: from the density of the training images' codes around the units, if <see cref="HasDensity"/>; else around
    /// units drawn uniformly, with the same small noise in all directions, which gives less varied images.
    /// </summary>
    /// <param name="count">Images, at least 1.</param>
    /// <param name="seed">Seed of the random numbers: the same seed gives the same images.</param>
    /// <returns>(count, S, S, C), 0 dark to 1 bright.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1, or gives an array that is too long.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    /// <exception cref="InsufficientMemoryException">The device has too little memory.</exception>
    public float[] Generate(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / Math.Max(_model.Shape.Length, CodeLength));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            try
            {
                var request = new SampleRequest(count, seed);
                return (_sampler is { } sampler
                    ? sampler.Draw(SamplerKind.Density, request)
                    : new MapSampler(_model).Isotropic(request, MapSampler.DefaultSigma)).Pixels.ToArray();
            }
            catch (Exception exception) when (Faults.Explain(exception) is { } known)
            {
                throw known;
            }
        }
    }

    /// <summary>
    /// Makes <see cref="Generate"/> draw from the density of the codes of these images. They are encoded at its next call, which then takes
    /// longer.
    /// </summary>
    /// <param name="images">Images of the model's shape, those of its training for images like them.</param>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void FitDensity(Images images)
    {
        ArgumentNullException.ThrowIfNull(images);
        CheckShape(images, _model.Shape, nameof(images));
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _sampler = new ImageSampler(_model, new Lazy<CodedImages>(() => CodedImages.Of(_model, images.Set)), note => { });
        }
    }

    /// <summary>Frees buffers and threads, after the calls that run; later calls throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _batch.Dispose();
                _model.Dispose();
                _backend.Dispose();
            }
        }
    }

    private static void CheckShape(Images images, ImageShape shape, string parameter)
    {
        if (images.Set.Shape != shape)
        {
            throw new ArgumentException($"The images are {images.Set.Shape}, expected {shape}.", parameter);
        }
    }

    private int CountOf(ReadOnlySpan<float> pixels)
    {
        int count = Faults.CountOf(pixels.Length, _model.Shape.Length, nameof(pixels));
        Faults.CheckPixels(pixels, _model.Shape.Length);
        return count;
    }

    /// <summary>Encodes some of the images; the codes stay valid until the next call.</summary>
    private DeviceView<float> Encode(ReadOnlySpan<float> pixels, int start, int batch)
    {
        int length = _model.Shape.Length;
        DeviceView<float> images = _batch.View.First(batch * length);
        images.CopyFrom(pixels.Slice(start * length, batch * length));
        return _model.Encode(images, batch);
    }
}
