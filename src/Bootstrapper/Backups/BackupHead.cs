namespace Bootstrapper.Backups;

/// <summary><c>backup.json</c>, the first file of a backup: what is to be known before anything else is read.</summary>
/// <param name="Format">Of the whole; <see cref="Known"/> is the only one so far.</param>
/// <param name="Program">Name and version of the program that made it.</param>
/// <param name="Made">When it began: nothing acknowledged before is missing.</param>
/// <param name="Cluster">Its name; <c>null</c> where the description could not be read.</param>
/// <param name="Host">On which it was made.</param>
internal sealed record BackupHead(int Format, string Program, DateTimeOffset Made, string? Cluster, string Host)
{
    public const int Known = 1;

    public const string Name = "backup.json";

    private const int LargestBytes = 64 << 10;

    public byte[] ToJson() => BackupJson.Write(this);

    /// <exception cref="InvalidDataException">It is none, or of a format that this program does not know.</exception>
    public static BackupHead Read(Stream content) =>
        BackupJson.Read<BackupHead>(content, Name, LargestBytes) is { Format: Known } head ? head
            : throw new InvalidDataException($"its format is not {Known}, the only one that this program knows: "
                + "use the program that made it, or a newer one than this");
}
