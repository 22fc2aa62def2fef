namespace Bootstrapper.Cluster;

/// <summary>
/// Marks of the disk to install on, all of which it must have; <c>null</c> is none. Of several such disks the smallest is taken.
/// </summary>
internal sealed record DiskSelector
{
    /// <summary>Smaller disks are taken only where <see cref="MinSize"/> says so; Flatcar's image is just under this.</summary>
    public const long UsualMinSize = 8_000_000_000;

    /// <summary>May hold <c>*</c> and <c>?</c>, like <see cref="Model"/> and <see cref="ByPath"/>.</summary>
    public string? Serial { get; init; }

    /// <summary>Hexadecimal digits in lower case, without a prefix.</summary>
    public string? Wwn { get; init; }

    public string? Model { get; init; }

    /// <summary>A name in /dev/disk/by-path, without the folder.</summary>
    public string? ByPath { get; init; }

    /// <summary>In bytes.</summary>
    public long? MinSize { get; init; }

    /// <summary>In bytes.</summary>
    public long? MaxSize { get; init; }

    public bool? Rotational { get; init; }

    public string? Transport { get; init; }

    /// <summary>Whether somebody means just this disk, and knows where it is attached.</summary>
    public bool Asks => (Serial ?? Wwn ?? ByPath ?? Transport) is not null;
}
