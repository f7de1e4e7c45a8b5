namespace GenSomAttn;

/// <summary>Where an image lies on a map.</summary>
/// <param name="Row">Row of the best matching unit (BMU), from 0.</param>
/// <param name="Column">Its column, from 0.</param>
/// <param name="Distance">
/// Euclidean distance of the image's code to the unit's codebook vector, in the units of the codes. A distance that is large among those
/// of the training images marks an image that fits the map badly.
/// </param>
/// <param name="SecondRow">Row of the second-best matching unit; null on a map of one unit.</param>
/// <param name="SecondColumn">Its column; null on a map of one unit.</param>
public readonly record struct MapPlace(int Row, int Column, double Distance, int? SecondRow, int? SecondColumn);
