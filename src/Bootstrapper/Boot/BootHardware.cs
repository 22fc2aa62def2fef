namespace Bootstrapper.Boot;

/// <summary>What iPXE says of its machine when it asks; <c>null</c> for what it does not say.</summary>
/// <param name="Architecture">iPXE's <c>buildarch</c>.</param>
/// <param name="Memory">As <see cref="Rendering.Loaders.IpxeScript.WithMemory"/> has iPXE write it.</param>
internal sealed record BootHardware(string? Architecture = null, string? Memory = null)
{
    public static readonly BootHardware Unknown = new();

    /// <summary>What is said now holds over what was said before.</summary>
    public BootHardware Over(BootHardware earlier) => new(Architecture ?? earlier.Architecture, Memory ?? earlier.Memory);
}
