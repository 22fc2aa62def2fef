using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>What a machine boots over the network in place of the release's live system: any Linux.</summary>
internal sealed record BootSettings(Section From) : Settings
{
    public BootSettings()
        : this(Section.None)
    {
    }

    /// <summary>A path below <c>www/</c>, or a URL.</summary>
    public string Kernel { get; init; } = From.Value(BootKeys.Kernel);

    /// <summary>Likewise, in the order in which the kernel unpacks them; may be empty.</summary>
    public IReadOnlyList<string> Initrd { get; init; } = From.Values(BootKeys.Initrd);

    /// <summary>The kernel's command line, with variables such as <c>${mac}</c> in it.</summary>
    public IReadOnlyList<string> Args { get; init; } = From.Values(BootKeys.Args);

    /// <summary>Whether the system stays in memory: then nothing is installed, and the machine boots it every time.</summary>
    public bool MemoryOnly { get; init; } = From.Value(BootKeys.MemoryOnly);
}

/// <summary>The section <c>boot</c> of a node or a profile.</summary>
internal static class BootKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Kernel = All.Required("kernel", TextSyntax.BootFile,
        "Kernel to boot: a file below www/, or a URL.");

    public static readonly ListKey<string> Initrd = All.List("initrd", TextSyntax.BootFile,
        "Initial RAM disks, in their order: files below www/, or URLs. Default: none.");

    public static readonly ListKey<string> Args = All.List("args", TextSyntax.KernelArgument,
        "The kernel's arguments; ${mac}, ${uuid}, ${serial}, ${hostname}, ${ip}, ${bootstrapper} and the machine's variables "
            + "are filled in. Default: none.");

    public static readonly ValueKey<bool> MemoryOnly = All.Value("memory_only", TextSyntax.Flag,
        "Whether the system stays in memory, and is booted every time. "
            + "Otherwise it is booted until it reports that it is installed.", fallback: "n");
}
