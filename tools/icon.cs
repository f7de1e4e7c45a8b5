#:project ../src/GenSomAttn.Formats/GenSomAttn.Formats.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using GenSomAttn.Formats;

// Makes docs/icon.png, the icon of the packages, from docs/map.png: four units of the map, `dotnet run --file tools/icon.cs` in the root.
const int Size = 128, Image = 28, Scale = 2, Cell = Size / 2, Margin = (Cell - (Image * Scale)) / 2;
const int MapLeft = 40, MapTop = 72, MapCell = 86, MapScale = 3;
DecodedPicture map = PictureFile.Decode(File.ReadAllBytes("docs/map.png"));
byte[] icon = [.. Enumerable.Repeat(byte.MaxValue, Size * Size * 3)];
(int Row, int Column)[] units = [(3, 0), (0, 9), (9, 0), (11, 11)];
for (int unit = 0; unit < units.Length; unit++)
{
    for (int y = 0; y < Image * Scale; y++)
    {
        for (int x = 0; x < Image * Scale; x++)
        {
            int fromX = MapLeft + (units[unit].Column * MapCell) + (x / Scale * MapScale) + 1;
            int fromY = MapTop + (units[unit].Row * MapCell) + (y / Scale * MapScale) + 1;
            int to = (((unit / 2 * Cell) + Margin + y) * Size) + (unit % 2 * Cell) + Margin + x;
            icon.AsSpan(3 * to, 3).Fill(map.Pixels[((fromY * map.Width) + fromX) * map.Channels]);
        }
    }
}

File.WriteAllBytes("docs/icon.png", PictureFile.Encode(icon, Size, Size));
