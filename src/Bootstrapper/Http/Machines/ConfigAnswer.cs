using System.Buffers;
using Bootstrapper.Rendering.Stencils;

namespace Bootstrapper.Http.Machines;

/// <summary>A node's config. It holds secrets, so the memory that it is put together in is wiped.</summary>
internal sealed class ConfigAnswer(FilledConfig config, string contentType) : IResult
{
    public FilledConfig Config => config;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = contentType;
        httpContext.Response.ContentLength = config.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(config.Length);
        try
        {
            config.WriteTo(bytes);
            await httpContext.Response.Body.WriteAsync(bytes.AsMemory(0, config.Length), httpContext.RequestAborted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }
}
