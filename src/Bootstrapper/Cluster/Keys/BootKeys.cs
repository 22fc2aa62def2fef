namespace Bootstrapper.Cluster.Keys;

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
