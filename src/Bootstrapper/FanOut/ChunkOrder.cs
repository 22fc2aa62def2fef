using System.Net;

namespace Bootstrapper.FanOut;

/// <summary>What a machine that asks is told to do.</summary>
/// <param name="From">Of <see cref="OrderKind.Fetch"/>: another machine; <c>null</c> for the bootstrapper itself.</param>
/// <param name="Patience">Likewise: what takes longer is given up.</param>
internal sealed record ChunkOrder(OrderKind Kind, int Chunk = 0, IPEndPoint? From = null, TimeSpan Patience = default);

internal enum OrderKind
{
    Fetch,

    /// <summary>Nothing can be had now; to be asked again at once.</summary>
    Wait,

    /// <summary>It is not known what the machine has.</summary>
    Tell,

    /// <summary>It has everything.</summary>
    Done,

    /// <summary>Others still need it.</summary>
    Stay,

    /// <summary>Nobody does.</summary>
    Go,

    /// <summary>The image is not passed on any more, or cannot be: it is to be downloaded as a whole.</summary>
    Gone,
}
