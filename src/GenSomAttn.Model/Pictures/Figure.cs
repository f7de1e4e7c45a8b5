namespace GenSomAttn.Model.Pictures;

/// <summary>A picture with the numbers that it was drawn from: saved as name.png and name.csv.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Picture">The drawing.</param>
/// <param name="Numbers">The numbers.</param>
public sealed record Figure(string Name, Picture Picture, NumberTable Numbers);
