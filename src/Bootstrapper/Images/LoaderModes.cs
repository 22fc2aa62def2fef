using Bootstrapper.Host;

namespace Bootstrapper.Images;

/// <summary>
/// What <see cref="BootLoaders.Unreadable"/> found, for whoever asks often: <c>tftpboot/</c> has a boot file for each node.
/// </summary>
internal sealed class LoaderModes(Bsroot bsroot, TimeProvider time)
{
    internal static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private readonly Glance<IReadOnlyList<string>> _unreadable = new(Span, _ => BootLoaders.Unreadable(bsroot), time);

    /// <summary>As it was at most <see cref="Span"/> ago.</summary>
    public IReadOnlyList<string> Unreadable => _unreadable.Now;
}
