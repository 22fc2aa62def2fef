namespace Bootstrapper.Http;

/// <summary>The fields of a form, as a machine sends them: in any encoding of forms, and cut off wherever it likes.</summary>
internal static class FormBody
{
    /// <exception cref="BadHttpRequestException">It is larger than any that machines send, or broken.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
#pragma warning disable CA1031 // The reader looks at nothing but what was sent: whatever it stumbles over, that is broken.
        catch (Exception e) when (e is not (BadHttpRequestException or OperationCanceledException))
#pragma warning restore CA1031
        {
            throw new BadHttpRequestException($"invalid form: {e.Message}", e);
        }
    }
}
