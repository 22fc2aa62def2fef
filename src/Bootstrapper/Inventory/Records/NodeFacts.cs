using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Records;

/// <summary>What a machine's live system found in it.</summary>
internal sealed record NodeFacts
{
    private const long Gibi = 1L << 30;

    /// <summary>Of one kind.</summary>
    private const int MostParts = 200;

    public static readonly NodeFacts None = new();

    /// <summary>As the kernel counts them: threads.</summary>
    public int Cpus { get; init; }

    /// <summary>In bytes, as the kernel has it: a little less than what is plugged in.</summary>
    public long Memory { get; init; }

    public string? Vendor { get; init; }

    public string? Product { get; init; }

    public string? Serial { get; init; }

    public Guid? Uuid { get; init; }

    /// <summary>Address of its management controller, where the live system could ask for it.</summary>
    public IPAddress? Bmc { get; init; }

    public IReadOnlyList<DiskFacts> Disks { get; init; } = [];

    public IReadOnlyList<NicFacts> Nics { get; init; } = [];

    /// <summary>The same with every text on one line, and no more parts than a machine has.</summary>
    public NodeFacts Bounded() => this with
    {
        Vendor = OnOneLine(Vendor),
        Product = OnOneLine(Product),
        Serial = OnOneLine(Serial),
        Disks = [.. Disks.OfType<DiskFacts>().Take(MostParts).Select(Bounded)],
        Nics = [.. Nics.OfType<NicFacts>().Take(MostParts).Select(nic => nic with { Name = Printable.OnOneLine(nic.Name) })],
    };

    /// <summary>On one line, for people.</summary>
    [JsonIgnore]
    public string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"{Vendor} {Product}, {Cpus} CPUs, {Memory / (double)Gibi:0.#} GiB of memory, {Counted(Disks.Count, "disk")}, "
            + $"{Counted(Nics.Count, "network card")}").TrimStart(' ', ',');

    /// <summary>The same machine reports the same again at every start.</summary>
    public bool Equals(NodeFacts? other) => ReferenceEquals(this, other) || (other is not null && Text() == other.Text());

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text());

    private static DiskFacts Bounded(DiskFacts disk) => disk with
    {
        Name = Printable.OnOneLine(disk.Name),
        Model = OnOneLine(disk.Model),
        Serial = OnOneLine(disk.Serial),
        Wwn = OnOneLine(disk.Wwn),
        Transport = OnOneLine(disk.Transport),
        Links = disk.Links?.OfType<string>().Take(MostParts).Select(link => Printable.OnOneLine(link)).ToList(),
        Unfit = OnOneLine(disk.Unfit),
        Unusable = OnOneLine(disk.Unusable),
    };

    private static string? OnOneLine(string? text) => text is null ? null : Printable.OnOneLine(text);

    private static string Counted(int count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

    private string Text() => JsonSerializer.Serialize(this, InventoryFiles.Json);
}

/// <param name="Name">As in /sys/block: without /dev, and with ! for /.</param>
/// <param name="Size">In bytes.</param>
internal sealed record DiskFacts(string Name, long Size, string? Model, string? Serial)
{
    public string? Wwn { get; init; }

    /// <summary>As <c>install_disk.transport</c> has it.</summary>
    public string? Transport { get; init; }

    public bool? Rotational { get; init; }

    /// <summary>Its names below /dev/disk, such as <c>by-path/pci-…</c>; <c>null</c> where the live system told none.</summary>
    public IReadOnlyList<string>? Links { get; init; }

    /// <summary>Why it is not taken by itself: "is in the network".</summary>
    public string? Unfit { get; init; }

    /// <summary>Why it is not taken, whoever asks: "is part of dm-0".</summary>
    public string? Unusable { get; init; }
}

/// <param name="Link">Whether there is a cable with something at its other end.</param>
internal sealed record NicFacts(string Name, MacAddress Mac, bool Link);
