/** Shapes that cross the wire or the modules; the service's own description is /api/v1/openapi.json. */

type Topic = 'deadline' | 'review' | 'notice'
type Category = 'public' | 'professional' | 'elective'

interface Answer { status: number; body: any; headers: Record<string, string> }
interface Read { data: any; at: number; stale: boolean }

interface Person { id: string; name?: string | null; consented: boolean; roles: string[]; bound_chat: boolean }
/** `good_until` is by this phone's own clock, in ms. */
interface Session { token: string; expires_at: string; expires_in: number; good_until?: number; refresh_token: string; person: Person }

/** A write that the service has not answered. */
interface Waiting { key: string; label: string; method: 'POST' | 'PUT' | 'PATCH'; path: string; body?: unknown; file?: string; at: number }

interface Citation { place: string; document: string; article: string; url?: string | null }
interface Step { text: string; citation?: Citation | null; hours?: number | null }
