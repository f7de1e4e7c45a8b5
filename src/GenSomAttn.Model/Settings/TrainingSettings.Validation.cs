using System.Numerics;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Settings;

/// <content>Checks of the settings against their ranges.</content>
public sealed partial record TrainingSettings
{
    /// <summary>Checks every setting against its range.</summary>
    /// <exception cref="SettingException">A setting is out of range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        CheckWhole(nameof(Epochs), Epochs, 1, 1_000_000);
        CheckWhole(nameof(BatchSize), BatchSize, 1, 65_536);
        CheckShards();
        CheckWhole(nameof(Latent), Latent, 1, 4096);
        CheckWhole(nameof(Limit), Limit ?? 1, 1, int.MaxValue);
        CheckWhole("Validate", ValidationImages ?? 1, 1, int.MaxValue);
        CheckWhole(nameof(EvalEvery), EvalEvery ?? 1, 1, 1_000_000);
        CheckImageSize();
        double testShare = Pictures?.TestShare ?? 0;
        CheckReal(nameof(PictureReading.TestShare), testShare, testShare is >= 0 and < 1, $"from 0 to below 1");
        CheckNetworks();
        CheckMap();
        CheckReal(nameof(LearningRate), LearningRate, LearningRate is > 0 and <= 1, $"above 0 and at most 1");

        // Below 0.01 cells the neighborhood is the BMU alone in any precision, and much below that σ² underflows in a float.
        CheckReal(nameof(SigmaStart), SigmaStart, SigmaStart is >= 0.01 and <= 1000, $"from 0.01 to 1000");
        CheckReal(
            nameof(SigmaEnd), SigmaEnd, SigmaEnd >= 0.01 && SigmaEnd <= SigmaStart,
            $"from 0.01 to {new SettingName(nameof(SigmaStart))}, {SigmaStart}");
        CheckReal(nameof(EtaStart), EtaStart, EtaStart is > 0 and <= 1, $"above 0 and at most 1");
        CheckReal(
            nameof(EtaEnd), EtaEnd, EtaEnd > 0 && EtaEnd <= EtaStart,
            $"above 0 and at most {new SettingName(nameof(EtaStart))}, {EtaStart}");
        CheckReal(nameof(QuantizedWeight), QuantizedWeight, QuantizedWeight is >= 0 and <= 1000, $"from 0 to 1000");
        CheckReal(nameof(Commitment), Commitment ?? 0, Commitment is null or (>= 0 and <= 1000), $"from 0 to 1000");
        CheckReal(nameof(Beta), Beta, Beta is >= 0 and <= 1000, $"from 0 to 1000");
        CheckReal(nameof(DecoderVariance), DecoderVariance, DecoderVariance is >= 1e-4 and <= 100, $"from 0.0001 to 100");
        CheckDefined(nameof(Model), Model);
        CheckDefined(nameof(Attention), Attention);
        CheckDefined(nameof(Loss), Loss);
        CheckDefined(nameof(SomUpdate), SomUpdate);
        CheckParts();
    }

    private void CheckShards()
    {
        if (Shards is < 1 or > MaxShards || !BitOperations.IsPow2(Shards) || Shards > BatchSize)
        {
            SettingName batch = new(nameof(BatchSize));
            FormattableString range = $"give a power of two from 1 to {MaxShards}, at most {batch}, {BatchSize}";
            throw new SettingException($"{new SettingName(nameof(Shards))} {Shards} is out of range: {range}.");
        }
    }

    private void CheckParts()
    {
        int parts = Model != ModelKind.SomAttn ? 1 : Attention switch
        {
            AttentionKind.Latent => LatentTokens,
            AttentionKind.Pool => PoolQueries,
            _ => 1,
        };
        if (Latent % parts != 0)
        {
            (SettingName latent, SettingName attention) = (new(nameof(Latent)), new(nameof(Attention)));
            throw new SettingException(
                $"{latent} {Latent} cannot be cut into {parts} parts: give a multiple of {parts}, or {attention} spatial or none.");
        }
    }

    private void CheckImageSize()
    {
        if (ImageSize is { } size && !Dataset.IsSide(size))
        {
            throw new SettingException(
                $"{new SettingName(nameof(ImageSize))} {size} is out of range: give a multiple of 4 from 4 to {Dataset.MaxSide}.");
        }
    }

    private void CheckNetworks()
    {
        if (Channels is not (null or ImageShape.Gray or ImageShape.Color))
        {
            throw new SettingException(
                $"{new SettingName(nameof(Channels))} {Channels} is out of range: give {ImageShape.Gray}, {ImageShape.Color} or null.");
        }

        CheckWhole(nameof(Stages), Stages ?? MinStages, MinStages, MaxStages);
        if (Model == ModelKind.Classifier && Stages is not (null or MinStages))
        {
            throw new SettingException($"{new SettingName(nameof(Stages))} does not apply to a classifier, which always has {MinStages}.");
        }
    }

    private void CheckMap()
    {
        const int LargestSide = 1000;
        const int MaxUnits = 40_000;
        bool fits = MapHeight is >= 1 and <= LargestSide && MapWidth is >= 1 and <= LargestSide && MapHeight * MapWidth <= MaxUnits;
        if (!fits)
        {
            FormattableString range = $"give rows and columns from 1 to {LargestSide}, {MaxUnits} units at most, such as 12x12";
            throw new SettingException($"{new SettingName("Map")} {MapHeight}x{MapWidth} is out of range: {range}.");
        }

        if (MapOptions is { } options)
        {
            CheckMapOptions(options);
        }
    }

    private void CheckMapOptions(MapOptions options)
    {
        CheckDefined(nameof(MapOptions.Lattice), options.Lattice);
        CheckDefined(nameof(MapOptions.Neighborhood), options.Neighborhood);
        CheckDefined(nameof(MapOptions.Init), options.Init);
        if (options is { Lattice: MapLattice.Hexagon, Torus: true } && MapHeight % 2 != 0)
        {
            (SettingName map, SettingName lattice) = (new("Map"), new(nameof(MapOptions.Lattice)));
            FormattableString need = $"which need an even number of rows";
            throw new SettingException(
                $"{map} {MapHeight}x{MapWidth} does not fit hexagons on a torus, {need}: give one, or {lattice} rectangle.");
        }

        if (options.Neighborhood == NeighborhoodKind.MexicanHat && SomUpdate == SomUpdateKind.Online)
        {
            (SettingName neighborhood, SettingName update) = (new(nameof(MapOptions.Neighborhood)), new(nameof(SomUpdate)));
            FormattableString reason = $"a single sample would repel units without bound";
            throw new SettingException($"{neighborhood} mexican-hat needs {update} batch: {reason}.");
        }
    }

    private static void CheckWhole(string setting, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new SettingException($"{new SettingName(setting)} {value} is out of range: give a whole number from {least} to {most}.");
        }
    }

    private static void CheckReal(string setting, double value, bool inRange, FormattableString range)
    {
        if (!inRange)
        {
            throw new SettingException($"{new SettingName(setting)} {value} is out of range: give a number {range}.");
        }
    }

    private static void CheckDefined<T>(string setting, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            string names = string.Join(", ", Enum.GetNames<T>());
            throw new SettingException($"{new SettingName(setting)} {value} is unknown: give one of {names}.");
        }
    }
}
