using System.Globalization;
using System.IO.Enumeration;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Inventory.Records;

/// <summary>
/// Which of the disks that a machine last reported it would be installed on. install.sh decides, by the same rules.
/// </summary>
/// <param name="Name">As in its facts; <c>null</c> where none fits.</param>
/// <param name="PassedOver">The others, each with the reason.</param>
internal sealed record DiskChoice(string? Name, IReadOnlyDictionary<string, string> PassedOver)
{
    /// <summary>Facts are told of hardware alone, and with the names that udev usually gives it.</summary>
    private static readonly string[] Untold =
    [
        .. new[] { "bcache", "block/", "dm-", "drbd", "loop", "mapper/", "md", "nbd", "ublkb" }.Select(name => $"/dev/{name}"),
    ];

    /// <returns>
    /// <c>null</c> where nothing is installed, no disk was reported, or the node names one that facts do not tell of.
    /// </returns>
    public static DiskChoice? Of(Node node, NodeFacts? facts)
    {
        if (node.LivesInMemory || facts is null or { Disks.Count: 0 }
            || (node.InstallDisk is { } path && !IsTold(path)))
        {
            return null;
        }

        var reasons = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string? taken = null;
        foreach (var disk in facts.Disks.OrderBy(disk => disk.Size).ThenBy(disk => disk.Name, StringComparer.Ordinal))
        {
            if ((Objection(node, disk) ?? (taken is null ? null : "is not the smallest")) is { } reason)
            {
                reasons[disk.Name] = reason;
            }
            else
            {
                taken = disk.Name;
            }
        }

        return new DiskChoice(taken, reasons);
    }

    private static bool IsTold(string path) =>
        DiskSyntax.IsUsual(path) && !Array.Exists(Untold, name => path.StartsWith(name, StringComparison.Ordinal));

    private static string? Objection(Node node, DiskFacts disk) => node switch
    {
        { InstallDisk: { } path } => IsCalled(disk, path) ? disk.Unusable : $"is not {path}",
        { DiskSelector: var wanted } => Unfit(disk, wanted) ?? disk.Unusable ?? TooSmall(disk, wanted) ?? Unlike(disk, wanted),
    };

    private static bool IsCalled(DiskFacts disk, string path) =>
        path == $"/dev/{disk.Name.Replace('!', '/')}"
        || disk.Links?.Any(link => path == $"/dev/disk/{link}") == true;

    /// <summary>Who asks for just this disk knows where it is attached; one of two paths is one of two all the same.</summary>
    private static string? Unfit(DiskFacts disk, DiskSelector? wanted) =>
        wanted is { Asks: true } && disk.Transport is not ("sas" or "scsi") ? null : disk.Unfit;

    private static string? TooSmall(DiskFacts disk, DiskSelector? wanted) =>
        disk.Size < (wanted?.MinSize ?? DiskSelector.UsualMinSize)
            ? string.Create(CultureInfo.InvariantCulture, $"is too small ({disk.Size} bytes)")
            : null;

    private static string? Unlike(DiskFacts disk, DiskSelector? wanted) => wanted switch
    {
        null => null,
        { Serial: { } serial } when !Matches(disk.Serial, serial) => "has another serial number",
        { Wwn: { } wwn } when disk.Wwn != wwn => "has another WWN",
        { Model: { } model } when !Matches(disk.Model, model) => "is another model",
        { ByPath: { } path } when disk.Links?.Any(link => Matches(link, $"by-path/{path}")) != true => "is at another path",
        { MaxSize: { } size } when disk.Size > size =>
            string.Create(CultureInfo.InvariantCulture, $"is too large ({disk.Size} bytes)"),
        { Rotational: { } rotational } when disk.Rotational != rotational => rotational ? "is not rotational" : "is rotational",
        { Transport: { } transport } when disk.Transport != transport => $"is attached by {disk.Transport}",
        _ => null,
    };

    private static bool Matches(string? value, string pattern) =>
        FileSystemName.MatchesSimpleExpression(pattern, value ?? "", ignoreCase: true);
}
