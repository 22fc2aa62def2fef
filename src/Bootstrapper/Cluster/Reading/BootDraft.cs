using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>The section <c>boot</c> as far as it could be read.</summary>
internal sealed record BootDraft
{
    public required Stated<string>? Kernel { get; init; }

    public required IReadOnlyList<Stated<string>> Initrd { get; init; }

    public required IReadOnlyList<Stated<string>> Args { get; init; }

    public required Stated<bool>? MemoryOnly { get; init; }

    /// <summary><c>null</c> where the section is not there.</summary>
    public static BootDraft? Read(YamlMap map) => map.GivenSection(TraitKeys.Boot) is not { } boot ? null : new BootDraft
    {
        Kernel = boot.Get(BootKeys.Kernel),
        Initrd = boot.List(BootKeys.Initrd),
        Args = boot.List(BootKeys.Args),
        MemoryOnly = boot.Get(BootKeys.MemoryOnly),
    };
}
