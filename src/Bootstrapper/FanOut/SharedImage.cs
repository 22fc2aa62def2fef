using Bootstrapper.Model;

namespace Bootstrapper.FanOut;

/// <summary>The image that machines pass on to one another.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Stamp">How it looked before it was read (<see cref="Host.FileStamp"/>).</param>
internal sealed record SharedImage(string Path, string Stamp, ChunkedImage Chunks, Swarm Swarm);
